import { expect, test } from "vitest"
import type { TranscriptEntry } from "../../../protocol/worker.ts"
import { Conversation, messageId, positionOf, type Message } from "./conversation.ts"

function converse(...entries: readonly (readonly [TranscriptEntry["type"], string])[]): Message[] {
  const messages: Message[] = []
  const conversation = new Conversation({ sessionID: "ses_1", agent: "scripted", model: "openai/gpt/5" }, (message) => messages.push(message))
  entries.forEach(([type, text], at) => conversation.add({ at, type, text }))
  conversation.flush()
  return messages
}

const parts = ({ parts: all }: Message): unknown[] =>
  all.map((part) => (part.type === "tool" ? [part.tool, part.state.status] : [part.synthetic === true ? "note" : part.type, part.text]))

test("a prompt is the user's message, and what follows is the agent's answer to it, up to the end of the turn", () => {
  const [asked, answered] = converse(["prompt", "do it"], ["thought", "h"], ["thought", "m"], ["text", "done"], ["turn", "completed"])
  expect(asked).toMatchObject({ info: { id: "msg_000000001", role: "user", time: { created: 0 } } })
  expect(answered?.info).toEqual({
    id: "msg_000000002",
    sessionID: "ses_1",
    role: "assistant",
    parentID: "msg_000000001",
    time: { created: 1, completed: 4 },
    agent: "scripted",
    providerID: "openai",
    modelID: "gpt/5",
  })
  expect(parts(answered!)).toEqual([
    ["reasoning", "hm"],
    ["text", "done"],
  ])
})

test("a tool is one part from its start to its end, also when another one runs meanwhile, and whatever its title holds", () => {
  const [answer] = converse(
    ["tool", "run (a)\nb (started)"],
    ["tool", "write x (started)"],
    ["tool", "write x (completed)"],
    ["tool", "run (a)\nb (failed)\nexit 1 (completed)"],
    ["tool", "read y (completed)\ncontent"],
  )
  expect(parts(answer!)).toEqual([
    ["run (a)\nb", "error"],
    ["write x", "completed"],
    ["read y", "completed"],
  ])
  expect(answer?.parts[0]).toMatchObject({ id: "prt_000000001_0", state: { error: "exit 1 (completed)", time: { start: 0, end: 3 } } })
  expect(answer?.parts[2]).toMatchObject({ state: { output: "content" } })
})

test("a turn that did not complete says why; what Fleet notes is marked as not the agent's", () => {
  const [, failed, , stopped] = converse(
    ["prompt", "a"],
    ["note", "the provider asks to wait"],
    ["text", "I"],
    ["turn", "failed: refused: no"],
    ["prompt", "b"],
    ["turn", "interrupted"],
  )
  expect(parts(failed!)).toEqual([
    ["note", "the provider asks to wait"],
    ["text", "I"],
  ])
  expect(failed?.info).toMatchObject({ error: { name: "UnknownError", data: { message: "failed: refused: no" } } })
  expect(stopped?.info).toMatchObject({ error: { name: "MessageAbortedError" } })
})

test("an id says its position, and nothing else is an id", () => {
  expect(positionOf(messageId(7))).toBe(7)
  for (const odd of ["msg_7", "ses_000000007", "msg_000000007x", ""]) expect(positionOf(odd)).toBeNull()
})
