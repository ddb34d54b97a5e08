import { expect, test } from "vitest"
import type { CheckResult } from "../domain/worker/job-result.ts"
import { readBenchmark } from "./benchmark.ts"

const printed = (output: string, more: Partial<CheckResult> = {}) =>
  readBenchmark({ command: "npm run bench", passed: true, exitCode: 0, timedOut: false, output, elapsedMs: 1, ...more })

test.each([
  ["12.5 ms", 12.5],
  ["run 1: 3\nrun 2: 4\nmedian: 3.5", 3.5],
  ["-1e3", -1_000],
  ["0", 0],
])("of %j the last number counts", (output, benchmark) => {
  expect(printed(output)).toEqual({ benchmark, benchmarkFailed: null })
})

test("a benchmark that says no number, fails, is ended, or takes too long has none, and it is said why", () => {
  expect(printed("all good")).toEqual({ benchmark: null, benchmarkFailed: "it printed no number" })
  expect(printed("1e999")).toEqual({ benchmark: null, benchmarkFailed: "it printed no number" })
  expect(printed("1", { passed: false, exitCode: 2 }).benchmarkFailed).toBe("it exited with 2")
  expect(printed("1", { passed: false, exitCode: null }).benchmarkFailed).toBe("it was ended by a signal")
  expect(printed("1", { passed: false, timedOut: true }).benchmarkFailed).toBe("it took too long")
  expect(readBenchmark(undefined).benchmarkFailed).toBe("it did not run")
})
