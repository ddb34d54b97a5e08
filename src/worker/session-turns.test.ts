import { expect, test } from "vitest"
import { id } from "../domain/ids.ts"
import { noUsage } from "../domain/session/turn.ts"
import { nothingOffered } from "./ports/agent.ts"
import { completed, turn, world } from "./session.case.ts"

test("an interrupt stops the turn and leaves the session, which takes further prompts; each has its entries, its report and its own progress", async () => {
  await using at = await world()
  expect(await at.session.interruptTurn()).toBe(false)
  const first = at.session.turn(turn)
  at.agent.listener.started()
  at.agent.listener.used({ ...noUsage, inputTokens: 50 })
  at.agent.listener.said({ type: "text", text: "of the first" })
  expect(await at.session.interruptTurn()).toBe(true)
  expect(await first).toMatchObject({ how: "interrupted" })
  expect(at.session.ended).toBe(false)
  const second = at.session.turn({ ...turn, key: id("turn:2"), prompt: "and again" })
  at.agent.listener.started()
  at.agent.end(completed)
  expect(await second).toEqual(completed)
  expect(at.agent.calls).toEqual(["prompt do it", "interrupt", "prompt and again"])
  expect(at.reports).toEqual([
    { type: "turn.started", job: "turn:s", session: "s" },
    { type: "turn.started", job: "turn:2", session: "s" },
  ])
  expect(await at.told()).toEqual(["prompt: do it", "text: of the first", "turn: interrupted", "prompt: and again", "turn: completed"])
  expect(at.progress.at(-1)).toMatchObject({ usage: noUsage, activity: "" })
  expect(at.swept).toEqual([])
})

test("an agent that does not stop its turn is ended, the hub is told that it is gone, and the next prompt is refused", async () => {
  await using at = await world()
  at.agent.obeys = "close"
  const running = at.session.turn(turn)
  const interrupting = at.session.interruptTurn()
  expect(at.agent.calls).toEqual(["prompt do it"])
  await at.pass(4_000)
  expect(await interrupting).toBe(true)
  expect(await running).toMatchObject({ how: "interrupted" })
  at.agent.listener.died("code 143")
  expect(at.agent.calls).toEqual(["prompt do it", "interrupt", "close"])
  expect(at.reports).toEqual([{ type: "session.died", session: "s", message: "it did not stop its turn when it was asked to, and was ended" }])
  await expect(at.session.turn(turn)).rejects.toMatchObject({ fault: { code: "session.not-open", fix: expect.stringContaining("prompt it again") } })
})

test("a turn that finishes while it is being interrupted was not interrupted", async () => {
  await using at = await world()
  at.agent.obeys = "nothing"
  const running = at.session.turn(turn)
  const interrupting = at.session.interruptTurn()
  at.agent.end(completed)
  expect([await interrupting, await running]).toEqual([false, completed])
  expect(at.session.ended).toBe(false)
})

test("pictures, model and mode of a turn are handed to the agent", async () => {
  await using at = await world()
  const attachments = [{ mime: "image/png", name: "a.png", file: "/tmp/a.png" }] as const
  const running = at.session.turn({ ...turn, attachments, model: "fake/large", mode: "plan" })
  at.agent.end(completed)
  await running
  expect(at.agent.extras).toEqual({ attachments, model: "fake/large", mode: "plan" })
})

test("an agent that dies while it rests is reported, and what it started is ended", async () => {
  await using at = await world()
  const running = at.session.turn(turn)
  at.agent.end(completed)
  await running
  at.agent.listener.died("killed by SIGKILL")
  expect(at.reports).toEqual([{ type: "session.died", session: "s", message: "killed by SIGKILL" }])
  expect(at.swept).toEqual(["s"])
  await expect(at.session.turn(turn)).rejects.toMatchObject({ fault: { code: "session.not-open", why: "killed by SIGKILL" } })
})

test("what an agent offers is asked of it while it lives, and not waited for without end", async () => {
  await using at = await world()
  expect((await at.session.offers()).modes).toEqual([{ name: "plan", description: "" }])
  at.agent.offers = () => new Promise(() => undefined)
  const asked = at.session.offers()
  await at.pass(1_000)
  expect(await asked).toEqual(nothingOffered)
  at.agent.listener.died("gone")
  expect(await at.session.offers()).toEqual(nothingOffered)
})

test("a session that was closed and is opened again goes on in its transcript", async () => {
  await using at = await world()
  const first = at.session.turn(turn)
  at.agent.end(completed)
  await first
  await at.session.close()
  const again = await at.reopen()
  const second = again.turn({ ...turn, prompt: "more" })
  at.agent.end(completed)
  await second
  expect(await at.told()).toEqual(["prompt: do it", "turn: completed", "prompt: more", "turn: completed"])
})
