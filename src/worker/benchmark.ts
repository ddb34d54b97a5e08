/** What a benchmark command said: the last number that it printed counts. */
import type { CheckResult, Measures } from "../domain/worker/job-result.ts"

type Benchmark = Pick<Measures, "benchmark" | "benchmarkFailed">

export function readBenchmark(result: CheckResult | undefined): Benchmark {
  const failed = (why: string): Benchmark => ({ benchmark: null, benchmarkFailed: why })
  if (result === undefined) return failed("it did not run")
  if (result.timedOut) return failed("it took too long")
  if (!result.passed) return failed(result.exitCode === null ? "it was ended by a signal" : `it exited with ${result.exitCode}`)
  const printed = result.output.match(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi)?.at(-1)
  const number = Number(printed)
  return printed === undefined || !Number.isFinite(number) ? failed("it printed no number") : { benchmark: number, benchmarkFailed: null }
}
