/** The tool that waits: what ends it, and that it always ends. */
import { noUsage } from "../../src/domain/session/turn.ts"
import { expect, test } from "vitest"
import { eventually } from "../eventually.ts"
import { textOf } from "./client.ts"
import { approvalView, clientOf, FakeFleet, runView, sessionView } from "./fake-fleet.ts"

test("wait answers when the first of several has come to rest, and says what is still pending", async () => {
  const fleet = new FakeFleet()
  const [a, b] = [sessionView("a", { status: "working" }), sessionView("b", { status: "working" })]
  fleet.sessionsThere.push(a, b)
  await using client = await clientOf(fleet)
  const waiting = client.data("wait", { sessions: ["a", "b"], timeout_s: 50 })
  await eventually("somebody follows", () => fleet.followers === 1)
  fleet.happens({ session: "other" })
  fleet.sessionsThere[1] = {
    ...b,
    status: "idle",
    turns: 1,
    lastTurn: { number: 1, prompt: "p", tree: null, usage: noUsage, how: "completed", why: null, text: "All done.", files: [], endedAt: 1 },
  }
  fleet.happens({ session: "b", text: "b: its turn completed" })
  expect(await waiting).toMatchObject({ timed_out: false, rested: ["b"], pending: ["a"], needs_you: [], heard: ["b: its turn completed"] })
  await eventually("nobody follows any more", () => fleet.followers === 0)
})

test("wait for all goes on until the last, unless one needs a person", async () => {
  const fleet = new FakeFleet()
  fleet.sessionsThere.push(sessionView("a"), sessionView("b", { status: "working" }))
  fleet.runsThere.push(runView("run-1", [], { status: "done", endedAt: 1 }))
  await using client = await clientOf(fleet)
  const waiting = client.data("wait", { runs: ["run-1"], sessions: ["a", "b"], for: "all", timeout_s: 50 })
  await eventually("somebody follows", () => fleet.followers === 1)
  fleet.sessionsThere[1] = sessionView("b", { status: "needs-you" })
  fleet.happens({ session: "b" })
  expect(await waiting).toMatchObject({ timed_out: false, needs_you: ["b"], pending: ["b"], rested: ["run-1", "a"] })
})

test("wait for rest goes on while a person is asked, and until the last has ended", async () => {
  const fleet = new FakeFleet()
  fleet.runsThere.push(runView("run-1", [], { approvals: [approvalView("ap-1", { kind: "start" })] }))
  await using client = await clientOf(fleet)
  const waiting = client.data("wait", { runs: ["run-1"], for: "rest", timeout_s: 50 })
  await eventually("somebody follows", () => fleet.followers === 1)
  fleet.runsThere[0] = runView("run-1", [], { status: "done", endedAt: 1 })
  fleet.happens({ run: "run-1" })
  expect(await waiting).toMatchObject({ timed_out: false, rested: ["run-1"], needs_you: [], pending: [] })
})

test("wait with a prompt still in the queue does not take the session for done", async () => {
  const fleet = new FakeFleet()
  fleet.sessionsThere.push(sessionView("a", { status: "asleep", waiting: 1 }))
  await using client = await clientOf(fleet)
  expect(await client.data("wait", { sessions: ["a"], timeout_s: 0 })).toMatchObject({ timed_out: true, pending: ["a"], rested: [] })
})

test("wait answers after its time with what is true then", async () => {
  const fleet = new FakeFleet()
  fleet.sessionsThere.push(sessionView("a", { status: "working" }))
  await using client = await clientOf(fleet)
  const startedAt = performance.now()
  expect(await client.data("wait", { sessions: ["a"], timeout_s: 0.2 })).toMatchObject({ timed_out: true, pending: ["a"] })
  expect(performance.now() - startedAt).toBeGreaterThan(180)
  await eventually("nobody follows any more", () => fleet.followers === 0)
})

test("wait follows again when the stream breaks, and ends with the fault when what it waits for is gone", async () => {
  const fleet = new FakeFleet()
  fleet.sessionsThere.push(sessionView("a", { status: "working" }))
  await using client = await clientOf(fleet)
  const waiting = client.call("wait", { sessions: ["a"], timeout_s: 50 })
  await eventually("somebody follows", () => fleet.followers === 1)
  fleet.breaks()
  await eventually("it was left", () => fleet.followers === 0)
  await eventually("somebody follows again", () => fleet.followers === 1)
  fleet.sessionsThere.length = 0
  fleet.happens({ session: "a" })
  expect(textOf(await waiting)).toContain("there is no session a")
})

test("a wait that is cancelled leaves nothing behind", async () => {
  const fleet = new FakeFleet()
  fleet.sessionsThere.push(sessionView("a", { status: "working" }))
  await using client = await clientOf(fleet)
  const cancel = new AbortController()
  const waiting = client.call("wait", { sessions: ["a"], timeout_s: 50 }, cancel.signal)
  const refused = expect(waiting).rejects.toThrow()
  await eventually("somebody follows", () => fleet.followers === 1)
  cancel.abort()
  await refused
  await eventually("nobody follows any more", () => fleet.followers === 0)
})
