import { expect, test } from "vitest"
import { limitResetAt, resultError, retryError } from "./errors.ts"
import { assistantChunks, permissionOf, toolResults, usageOf } from "./messages.ts"

/** Recorded from Claude Code 2.1.329 against the scripted model, cut to what is read. */
const loggedOut = {
  line: { type: "assistant", error: "authentication_failed", is_api_error_message: true },
  result: { subtype: "success", is_error: true, terminal_reason: "api_error", api_error_status: null, result: "Not logged in · Please run /login" },
}
const dropped = {
  line: { type: "assistant", error: "server_error", is_api_error_message: true, api_error: "connection_failed" },
  result: { subtype: "success", is_error: true, terminal_reason: "api_error", api_error_status: null, result: "API Error: …" },
}
const overloaded = {
  line: { type: "assistant", error: "server_error", is_api_error_message: true, api_error_status: 529, api_error_type: "overloaded_error" },
  result: {
    subtype: "success",
    is_error: true,
    terminal_reason: "api_error",
    api_error_status: 529,
    api_error_type: "overloaded_error",
    result: "API Error: 529",
  },
}
const refused = {
  line: { type: "assistant", error: "unknown", is_api_error_message: true, api_error_status: 400, api_error_type: "invalid_request_error" },
  result: { subtype: "success", is_error: true, terminal_reason: "api_error", api_error_status: 400, result: "API Error: 400" },
}

test("an error in a result that calls itself a success is a failure of its class", () => {
  expect([loggedOut, dropped, overloaded, refused].map(({ line, result }) => resultError(result, line, null)?.class)).toEqual([
    "auth",
    "network",
    "overload",
    "refused",
  ])
  expect(resultError(loggedOut.result, loggedOut.line, null)?.message).toBe("Not logged in · Please run /login")
})

test("a result without a flag is a success, any other subtype is not", () => {
  expect(resultError({ subtype: "success", is_error: false, terminal_reason: "completed" }, {}, null)).toBeNull()
  expect(resultError({ subtype: "error_max_turns", is_error: true }, {}, null)?.class).toBe("refused")
  expect(resultError({ subtype: "error_during_execution", is_error: true, errors: ["No conversation found"] }, {}, null)).toMatchObject({
    class: "bug",
    message: "No conversation found",
  })
})

test("a retry tells the class, and for a limit when it will be tried again", () => {
  expect(retryError({ attempt: 1, retry_delay_ms: 61_029, error_status: 429, error: "rate_limit" }, 1_000)).toMatchObject({
    class: "rate-limit",
    resetAt: 62_029,
  })
  expect(retryError({ attempt: 1, retry_delay_ms: 572, error_status: null, error: "unknown" }, 1_000)).toMatchObject({ class: "network", resetAt: null })
})

test("an account's limit ends when its event says so, and only when it is used up", () => {
  expect(limitResetAt({ rate_limit_info: { status: "rejected", resetsAt: 1_795_000_000 } })).toBe(1_795_000_000_000)
  expect(limitResetAt({ rate_limit_info: { status: "allowed_warning", resetsAt: 1_795_000_000 } })).toBeNull()
})

test("questions are told by what they let happen", () => {
  const asks = (tool_name: string, input: object): unknown => permissionOf("p", { tool_name, input })
  expect(asks("Bash", { command: "rm -rf build\necho done" })).toEqual({
    permission: "p",
    kind: "run",
    title: "rm -rf build",
    paths: [],
    command: "rm -rf build\necho done",
  })
  expect(asks("Write", { file_path: "/w/a.txt", content: "x" })).toMatchObject({ kind: "edit", title: "Write /w/a.txt", paths: ["/w/a.txt"], command: null })
  expect(asks("Read", { file_path: "/etc/passwd" })).toMatchObject({ kind: "read" })
  expect(asks("WebFetch", { url: "https://example.com" })).toMatchObject({ kind: "fetch", title: "WebFetch https://example.com" })
  expect(asks("mcp__x__y", {})).toMatchObject({ kind: "other", title: "mcp__x__y" })
})

test("a sub-agent's words are not the agent's, its tools are seen", () => {
  const content = [
    { type: "text", text: "for my parent" },
    { type: "tool_use", id: "t1", name: "Bash", input: { command: "ls" } },
  ]
  expect(assistantChunks({ parent_tool_use_id: "toolu_1", message: { content } }).map((chunk) => chunk.type)).toEqual(["tool"])
  expect(assistantChunks({ parent_tool_use_id: null, message: { content } }).map((chunk) => chunk.type)).toEqual(["text", "tool"])
})

test("a tool's result has the title that it was started with", () => {
  const line = { message: { content: [{ type: "tool_result", tool_use_id: "t1", is_error: true, content: [{ type: "text", text: "no such file" }] }] } }
  expect(toolResults(line, (id) => `title of ${id}`)).toEqual([{ type: "tool", id: "t1", title: "title of t1", status: "failed", output: "no such file" }])
})

test("what was written to the cache is input, what was read from it is cached", () => {
  const usage = { input_tokens: 1, cache_creation_input_tokens: 2, cache_read_input_tokens: 4, output_tokens: 8 }
  expect(usageOf(usage, 0.5)).toEqual({ inputTokens: 3, cachedTokens: 4, outputTokens: 8, costUsd: 0.5 })
})
