import { expect, test } from "vitest"
import { chooseOption, ToolCalls } from "./tools.ts"
import { readUpdate, toolNews } from "./updates.ts"
import { usageOf } from "./usage.ts"

test("what is not understood says nothing, whatever its form", () => {
  for (const update of [null, 7, "x", [], {}, { sessionUpdate: "from_the_future" }, { sessionUpdate: "available_commands_update" }])
    expect(readUpdate(update)).toEqual({ type: "aside" })
  expect(readUpdate({ sessionUpdate: "agent_message_chunk", content: { type: "image" } })).toEqual({ type: "sign" })
})

test("a call that is first heard of in a permission request, as Gemini does, is started by it and ends once", () => {
  const calls = new ToolCalls()
  expect(calls.hear(toolNews("t", { title: "ls -l", kind: "execute", status: "pending" }))).toEqual([
    { type: "tool", id: "t", title: "ls -l", status: "started", output: null },
  ])
  expect(calls.permission("t", "t#1")).toEqual({ permission: "t#1", kind: "run", title: "ls -l", paths: [], command: "ls -l" })
  const done = toolNews("t", { status: "completed", content: [{ type: "content", content: { type: "text", text: "a b" } }] })
  expect(calls.hear(done)).toEqual([{ type: "tool", id: "t", title: "ls -l", status: "completed", output: "a b" }])
  expect(calls.hear(done)).toEqual([])
})

test("a permission knows the command and the files that its call was announced with", () => {
  const calls = new ToolCalls()
  calls.hear(toolNews("t", { title: "bash", kind: "execute", rawInput: { command: ["rm", "-rf", "build"] } }))
  expect(calls.permission("t", "1")).toMatchObject({ kind: "run", title: "rm -rf build", command: "rm -rf build" })
  calls.hear(toolNews("u", { title: "Write", kind: "edit", content: [{ type: "diff", path: "/w/a.ts", newText: "x" }] }))
  expect(calls.permission("u", "2")).toMatchObject({ kind: "edit", title: "Write", paths: ["/w/a.ts"], command: null })
})

test("once is preferred to always, and no option is no answer", () => {
  const options = [
    { optionId: "a", name: "", kind: "allow_always" as const },
    { optionId: "o", name: "", kind: "allow_once" as const },
  ]
  expect([chooseOption(options, true), chooseOption(options.slice(0, 1), true), chooseOption(options, false)]).toEqual(["o", "a", null])
})

test("usage is read from the answer, or from Gemini's quota", () => {
  expect(usageOf({ usage: { inputTokens: 10, outputTokens: 2, cachedReadTokens: 3, cachedWriteTokens: 4 } }, 0.5)).toEqual({
    inputTokens: 10,
    outputTokens: 2,
    cachedTokens: 7,
    costUsd: 0.5,
  })
  expect(usageOf({ _meta: { quota: { token_count: { input_tokens: 5, output_tokens: 6 } } } }, null)).toEqual({
    inputTokens: 5,
    outputTokens: 6,
    cachedTokens: 0,
    costUsd: null,
  })
  expect(usageOf(null, null)).toEqual({ inputTokens: 0, outputTokens: 0, cachedTokens: 0, costUsd: null })
})
