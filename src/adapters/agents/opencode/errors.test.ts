import { expect, test } from "vitest"
import { errorOf, retryOf } from "./errors.ts"

const at = 1_000_000
const api = (data: object): object => ({ name: "APIError", data: { message: "words", ...data } })

test("the provider's status decides, not its words", () => {
  const classes = [401, 403, 429, 400, 408, 500, 529].map((statusCode) => errorOf(api({ statusCode }), at).class)
  expect(classes).toEqual(["auth", "auth", "rate-limit", "refused", "overload", "overload", "overload"])
  expect(errorOf(api({ isRetryable: true }), at).class).toBe("network")
  expect(errorOf({ name: "ContextOverflowError", data: {} }, at).class).toBe("refused")
  expect(errorOf({ name: "UnknownError", data: { message: "429" } }, at).class).toBe("bug")
})

test("a rate limit ends when the provider said, if it did", () => {
  expect(errorOf(api({ statusCode: 429, responseHeaders: { "retry-after": "60" } }), at).resetAt).toBe(at + 60_000)
  expect(errorOf(api({ statusCode: 429 }), at).resetAt).toBeNull()
  const status = { type: "retry", message: "slow down", next: at + 5_000 }
  expect(retryOf(status, { status: 429, told: true })).toEqual({ class: "rate-limit", message: "slow down", resetAt: at + 5_000 })
  expect(retryOf(status, { status: 429, told: false }).resetAt).toBeNull()
})

test("a retry is of the class of what the provider last answered; a stream that broke had begun well", () => {
  const retry = (status: number | null) => retryOf({ message: "words" }, status === null ? null : { status, told: false }).class
  expect([retry(503), retry(0), retry(200), retry(null)]).toEqual(["overload", "network", "network", "overload"])
  expect(retryOf({ message: "Provider is overloaded" }, { status: 200, told: false }).class).toBe("overload")
})
