import { expect, test } from "vitest"
import { id } from "../domain/ids.ts"
import { noUsage, type Steering } from "../domain/session/turn.ts"
import { completed, request, turn, world } from "./session.case.ts"

test("a turn is started when the agent says so, and its words and outcome are in the transcript", async () => {
  await using at = await world()
  at.changed.push("a.ts", "b.ts")
  const running = at.session.turn(turn)
  expect(at.reports).toEqual([])
  at.agent.listener.started()
  at.agent.listener.said({ type: "tool", id: "1", title: "\u001b[31mnpm test\u0007", status: "completed", output: "ok" })
  at.agent.end(completed)
  expect(await running).toEqual(completed)
  expect(at.reports).toEqual([{ type: "turn.started", job: "turn:s", session: "s" }])
  expect(at.progress.at(-1)).toMatchObject({ files: 2, activity: "npm test" })
  expect(await at.told()).toEqual(["prompt: do it", "tool: \u001b[31mnpm test\u0007 (completed)\nok", "turn: completed"])
  expect(at.agent.request.environment).toMatchObject({ FLEET_SESSION: "s", FLEET_WORKER: "b1", FLEET_HOME_ID: "h1" })
})

test("what is said to a running turn is in the transcript with what came of it; before and after the turn nobody hears it", async () => {
  await using at = await world()
  const steer = (text: string): Promise<Steering> => at.session.steer({ kind: "session.steer", key: id(`steer:s:${text}`), session: id("s"), text })
  expect(await steer("too early")).toBe("over")
  const running = at.session.turn(turn)
  at.agent.listener.started()
  expect(await steer("use the old name")).toBe("taken")
  at.agent.takes = Promise.resolve("cannot")
  expect(await steer("again")).toBe("cannot")
  at.agent.takes = new Promise(() => undefined)
  const unanswered = steer("the agent never says")
  at.agent.end(completed)
  expect(await running).toEqual(completed)
  expect(await unanswered).toBe("over")
  expect(at.agent.calls).toEqual(["prompt do it", "steer use the old name", "steer again", "steer the agent never says"])
  expect((await at.told()).toSorted()).toEqual([
    "note: [not delivered: its turn was over] the agent never says",
    "note: [not delivered: its turn was over] too early",
    "note: [not delivered: this agent takes nothing while it works] again",
    "prompt: [told while it worked] use the old name",
    "prompt: do it",
    "turn: completed",
  ])
})

test("progress is told at most twice a second, however much the agent says", async () => {
  await using at = await world()
  const running = at.session.turn(turn)
  for (let second = 0; second < 4; second++) {
    for (let word = 0; word < 100; word++) at.agent.listener.said({ type: "text", text: "word" })
    await at.pass(1_000)
  }
  expect(at.progress.length).toBeLessThanOrEqual(9)
  expect(at.progress.length).toBeGreaterThanOrEqual(4)
  at.agent.end(completed)
  await running
})

test("what policy allows is answered at once and asks nobody", async () => {
  await using at = await world(() => "allow")
  const running = at.session.turn(turn)
  at.agent.listener.asked(request)
  at.agent.end(completed)
  await running
  expect(at.agent.answers).toEqual([["p1", true, null]])
  expect(at.reports).toEqual([])
  expect(await at.told()).toContain("permission: allowed by policy: rm -rf build")
})

test("a permission waits for a person without limit, and the watchdog with it", async () => {
  await using at = await world()
  const running = at.session.turn(turn)
  at.agent.listener.asked(request)
  await at.pass(turn.stallMs * 5)
  expect(at.agent.calls).toEqual(["prompt do it"])
  expect(at.reports).toEqual([{ type: "permission.asked", session: "s", request }])
  const answer = { kind: "permission.answer", key: id<"job">("answer:1"), session: id<"session">("s"), permission: "p1", allow: false, note: "no" } as const
  expect(await at.session.answer(answer)).toBe(true)
  expect(at.agent.answers).toEqual([["p1", false, "no"]])
  expect(await at.session.answer(answer)).toBe(false)
  at.agent.end(completed)
  await running
})

test("a permission that is open when the turn ends is closed by the agent", async () => {
  await using at = await world()
  const running = at.session.turn(turn)
  at.agent.listener.asked(request)
  at.agent.end(completed)
  await running
  expect(at.reports.at(-1)).toEqual({ type: "permission.closed", session: "s", permission: "p1", by: "agent" })
})

test("a stalled agent is interrupted, closed and swept, and takes no further prompt", async () => {
  await using at = await world()
  at.agent.obeys = "close"
  const running = at.session.turn(turn)
  await at.pass(turn.stallMs + 3_000)
  expect(await running).toMatchObject({ how: "stalled", silentMs: turn.stallMs })
  expect(at.agent.calls).toEqual(["prompt do it", "interrupt", "close"])
  expect(at.swept).toEqual(["s"])
  await expect(at.session.turn(turn)).rejects.toMatchObject({ fault: { code: "session.not-open" } })
})

test("an agent whose driver never lets go does not hold the turn for ever", async () => {
  await using at = await world()
  at.agent.obeys = "nothing"
  const running = at.session.turn(turn)
  await at.pass(turn.stallMs + 5_000)
  expect(await running).toMatchObject({ how: "stalled" })
})

test("an agent that finishes while it is being ended has finished", async () => {
  await using at = await world()
  at.agent.obeys = "nothing"
  const running = at.session.turn(turn)
  await at.pass(turn.stallMs)
  at.agent.end(completed)
  await at.pass(1_000)
  expect(await running).toEqual(completed)
})

test("closing interrupts the turn, then ends everything, and says how much was left to end", async () => {
  await using at = await world()
  const running = at.session.turn(turn)
  const closing = at.session.close()
  expect(await running).toMatchObject({ how: "interrupted" })
  expect(await closing).toBe(1)
  expect(at.agent.calls).toEqual(["prompt do it", "interrupt", "close"])
  at.agent.listener.died("code 0")
  expect(at.reports).toEqual([])
})

test("an agent that dies by itself is reported, and what it started is ended before the turn counts as lost", async () => {
  await using at = await world()
  const running = at.session.turn(turn)
  at.agent.listener.died("killed by SIGKILL")
  at.agent.end({ how: "lost", message: "killed by SIGKILL", text: "", usage: noUsage })
  expect(await running).toMatchObject({ how: "lost" })
  expect(at.swept).toEqual(["s"])
  expect(at.reports).toEqual([{ type: "session.died", session: "s", message: "killed by SIGKILL" }])
  expect(at.session.ended).toBe(true)
})
