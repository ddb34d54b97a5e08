/** Strategies of a speculative campaign at work, and what Fleet sees of each when its agent ends. */
import type { Campaign } from "../../src/domain/run/campaign.ts"
import type { CheckResult, Measures } from "../../src/domain/worker/job-result.ts"
import { goOn, theRun, worldOf } from "./turns.ts"
import { goodResult, task, type World } from "./world.ts"

export const labels = ["class-based", "functional", "factory"]

/** Strategies at work, all of them on the same files. */
export function rivals(more: Partial<Campaign> = {}, retries = 0): World {
  const of = worldOf()
  const tasks = labels.map((key) => task(key, { scope: ["src/auth"], checks: ["npm test"] }))
  of.submit(tasks, { retries }, "run-aaaa", { mode: "speculative", slug: "auth", strategies: 3, base: "0ba5e", ...more })
  goOn(of)
  return of
}

export interface Outcome {
  readonly passed?: boolean
  readonly benchmark?: number | null
  readonly growth?: number
  readonly lines?: number
}

/** The strategy's agent ends, and Fleet sees this of its work. */
export function ends(of: World, key: string, { passed = true, benchmark = null, growth = 0, lines = 1 }: Outcome = {}): void {
  const turn = of.jobsOf("session.turn").find((job) => job.key.includes(`.${key}.`))
  if (turn === undefined) throw new Error(`${key} has no turn`)
  of.succeed(turn)
  for (;;) {
    const [next] = [...of.open.values()].map((action) => action.job).filter((job) => job.key.includes(`.${key}.`))
    if (next === undefined) return
    const good = goodResult(next)
    if (good.kind === "workspace.collect") {
      const files = [{ path: "src/auth/a.ts", status: "modified" as const, additions: lines, deletions: 0, from: null }]
      of.report({ type: "job.done", job: next.key, result: { ...good, collected: { ...good.collected, files } } })
    } else if (good.kind === "checks.run")
      of.report({ type: "job.done", job: next.key, result: { ...good, checks: good.checks.map((check): CheckResult => ({ ...check, passed })) } })
    else if (good.kind === "workspace.measure") {
      const measures: Measures = { complexity: { before: 10, after: 10 + growth }, benchmark, benchmarkFailed: null }
      of.report({ type: "job.done", job: next.key, result: { ...good, measures } })
      return
    } else of.succeed(next)
  }
}

export const pick = (of: World, key: string | null) => {
  const refused = of.tell({ type: "run.pick", run: theRun(of).id, key: key as never, by: "me" })
  goOn(of)
  return refused
}
