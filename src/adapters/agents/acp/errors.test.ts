import { expect, test } from "vitest"
import { errorInText, errorOf } from "./errors.ts"

const at = 1_000_000

test("the provider's status is found where the agents put it", () => {
  expect(errorOf({ code: -32603, message: "Internal error", data: { status: 429, retry_after: 2 } }, at)).toEqual({
    class: "rate-limit",
    message: "Internal error",
    resetAt: at + 2_000,
  })
  expect(errorOf({ code: 400, message: "bad request" }, at)).toMatchObject({ class: "refused" })
  expect(errorOf({ code: -32603, message: "Internal error", data: { error: { statusCode: 503 } } }, at)).toMatchObject({ class: "overload" })
  expect(errorOf({ code: -32603, message: "Internal error", data: { details: "API Error: 401 invalid key" } }, at)).toMatchObject({
    class: "auth",
    message: "Internal error: API Error: 401 invalid key",
  })
})

test("opencode's errors have only a name, and words after JSON-RPC's own", () => {
  const of = (message: string) => errorOf({ code: -32603, message: `Internal error: ${message}`, data: { service: "session", errorName: "APIError" } }, at)
  expect(of("Incorrect API key provided")).toEqual({ class: "refused", message: "Incorrect API key provided", resetAt: null })
  expect(of("Cannot connect to API: Unable to connect.")).toEqual({ class: "network", message: "Cannot connect to API: Unable to connect.", resetAt: null })
})

test("an error without a status is a bug, unless it asks for a login", () => {
  expect(errorOf({ code: -32603, message: "took 404 steps" }, at)).toMatchObject({ class: "bug", resetAt: null })
  expect(errorOf({ code: -32000, message: "Authentication required" }, at)).toMatchObject({ class: "auth" })
})

test("only the agents that say errors as text are read so, and only their last word counts", () => {
  expect(errorInText("copilot", "Working.\nError: 429 slow down\n")).toMatchObject({ class: "rate-limit" })
  expect(errorInText("copilot", "Error: 429 slow down\nI got over it.")).toBeNull()
  expect(errorInText("codex-acp", "unexpected status 401 Unauthorized: no")).toMatchObject({ class: "auth" })
  expect(errorInText("gemini", "Error: 429 slow down")).toBeNull()
})
