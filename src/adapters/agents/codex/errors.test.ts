import { expect, test } from "vitest"
import { errorOf, finalError, limitResetAt } from "./errors.ts"

/** Recorded from codex 0.169 against the scripted model. */
const refused = {
  message: '{"error":{"message":"scripted failure 400","type":"invalid_request_error","param":null,"code":null}}',
  codexErrorInfo: "other",
  additionalDetails: null,
  misalignment: null,
}
const broken = { message: "stream disconnected before completion: error sending request", codexErrorInfo: "other", additionalDetails: null, misalignment: null }
const reconnecting = {
  message: "Reconnecting... 1/1",
  codexErrorInfo: { responseStreamDisconnected: { httpStatusCode: null } },
  additionalDetails: "stream disconnected before completion: error sending request",
  misalignment: null,
}
const limited = {
  message: "Reconnecting... 1/1",
  codexErrorInfo: { responseStreamDisconnected: { httpStatusCode: 429 } },
  additionalDetails: "exceeded retry limit, last status: 429 Too Many Requests",
  misalignment: null,
}

const named = (codexErrorInfo: unknown): string => errorOf({ message: "m", codexErrorInfo }, null).class

test("each kind that codex names has its class", () => {
  expect(["usageLimitExceeded", "rateLimitExceeded"].map(named)).toEqual(["rate-limit", "rate-limit"])
  expect(["unauthorized", "serverOverloaded", "contextWindowExceeded", "somethingNew"].map(named)).toEqual(["auth", "overload", "refused", "bug"])
})

test("a connection's failure goes by its status, and without one by the network", () => {
  const failures = [401, 429, 503, 404, null].map((httpStatusCode) => named({ responseTooManyFailedAttempts: { httpStatusCode } }))
  expect(failures).toEqual(["auth", "rate-limit", "overload", "refused", "network"])
  expect(errorOf(limited, null)).toMatchObject({ class: "rate-limit", message: expect.stringContaining("429") })
})

test("what codex leaves unnamed is the class of its last retry, or the provider's refusal when there was none", () => {
  expect(finalError(broken, errorOf(reconnecting, null), null)).toMatchObject({ class: "network", message: broken.message })
  expect(finalError(refused, null, null).class).toBe("refused")
  expect(finalError(broken, null, null).class).toBe("bug")
  expect(finalError(null, null, null)).toMatchObject({ class: "bug", message: expect.stringContaining("not why") })
})

test("an account's limit ends when its last window that is used up does", () => {
  const spent = { primary: { usedPercent: 100, resetsAt: 1_000 }, secondary: { usedPercent: 40, resetsAt: 9_000 } }
  expect(limitResetAt(spent)).toBe(1_000_000)
  expect(limitResetAt({ primary: { usedPercent: 99, resetsAt: 1_000 }, secondary: null })).toBeNull()
  expect(errorOf({ message: "m", codexErrorInfo: "usageLimitExceeded" }, limitResetAt(spent)).resetAt).toBe(1_000_000)
  expect(errorOf({ message: "m", codexErrorInfo: "unauthorized" }, limitResetAt(spent)).resetAt).toBeNull()
})
