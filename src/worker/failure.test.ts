import { expect, test } from "vitest"
import { FaultError, fault } from "../domain/fault.ts"
import { failureOf } from "./failure.ts"

test("a fault of the moment is worth another try, others are not", () => {
  expect(failureOf(new FaultError(fault("git-failed", "w", "y", "f"))).transient).toBe(true)
  expect(failureOf(new FaultError(fault("agent-auth", "w", "y", "f")))).toEqual({ fault: fault("agent-auth", "w", "y", "f"), transient: false })
})

test("a full disk passes; a bug does not, and both say so", () => {
  expect(failureOf(Object.assign(new Error("write failed"), { code: "ENOSPC" }))).toMatchObject({ fault: { code: "worker.shortage" }, transient: true })
  expect(failureOf(new RangeError("out of it"))).toMatchObject({ fault: { code: "worker.bug", why: "out of it" }, transient: false })
})
