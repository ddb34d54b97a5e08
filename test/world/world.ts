/**
 * A project with imaginary workers: the real `decide` and `apply`, and outcomes that a test chooses. No process, no clock, no disk.
 * Properties and the benchmark of the core use it; everything else goes through the real thing.
 */
import { id, type BootId, type JobKey, type RunId, type TaskId, type WorkerId } from "../../src/domain/ids.ts"
import { apply } from "../../src/domain/project/apply.ts"
import type { Command } from "../../src/domain/project/command.ts"
import { decide } from "../../src/domain/project/decide.ts"
import type { Action } from "../../src/domain/project/draft.ts"
import type { Event } from "../../src/domain/project/events.ts"
import { emptyState, nextInstant, type State } from "../../src/domain/project/state.ts"
import type { Plan, PlanTask } from "../../src/domain/plan/plan.ts"
import { taskOf, type TaskWords } from "../../src/domain/plan/plan.fixture.ts"
import type { Campaign } from "../../src/domain/run/campaign.ts"
import { defaultSettings, type RunSettings } from "../../src/domain/run/run.ts"
import type { Job } from "../../src/domain/worker/job.ts"
import type { JobResult, Report } from "../../src/domain/worker/job-result.ts"
import { noUsage } from "../../src/domain/session/turn.ts"
import type { Fault } from "../../src/domain/fault.ts"

export const theWorker = id<"worker">("w")

export interface Logged {
  readonly at: number
  readonly event: Event
}

export class World {
  state: State = emptyState
  now = 1_000_000
  readonly log: Logged[] = []
  /** The outbox. */
  readonly open = new Map<JobKey, Action>()
  boot: BootId = id("boot-1")
  /** What a planner says when all is well. */
  planned: Plan | null = null

  /** Decides, applies event by event, and keeps the outbox as the store would. Null when accepted. */
  tell(command: Command): Fault | null {
    const decision = decide(this.state, command, this.now)
    if (!decision.accepted) return decision.fault
    for (const event of decision.events) {
      this.log.push({ at: this.now, event })
      this.state = apply(this.state, event, this.now)
    }
    for (const key of decision.settles) this.open.delete(key)
    for (const action of decision.actions) if (!this.open.has(action.job.key)) this.open.set(action.job.key, action)
    return null
  }

  join(slots: number, boot: string = this.boot, worker: WorkerId = theWorker): void {
    this.boot = id(boot)
    this.tell({ type: "worker.join", worker, offer: { boot: this.boot, pid: 1, slots, labels: [], agents: [{ name: "scripted", slotsMax: null }] } })
  }

  submit(tasks: readonly PlanTask[], settings: Partial<RunSettings> = {}, name = "run-aaaa", campaign: Partial<Campaign> | null = null): RunId {
    const run = id<"run">(name)
    const refused = this.tell({
      type: "run.submit",
      run,
      plan: planOf(tasks),
      repository: "/repo",
      commonDirectory: "/repo/.git",
      ignoreCase: false,
      target: "main",
      settings: { ...defaultSettings, agent: "scripted", ...settings },
      campaign: campaign === null ? null : { ...plainCampaign(run), ...campaign },
    })
    if (refused !== null) throw new Error(`${refused.what}: ${refused.why}`)
    return run
  }

  report(report: Report, boot: BootId = this.boot, worker: WorkerId = theWorker): void {
    const sequence = (this.state.workers.get(worker)?.heard ?? 0) + 1
    this.tell({ type: "worker.report", worker, boot, sequence, report })
  }

  /** Answers an open job as if all were well. */
  succeed(job: Job): void {
    if (job.kind === "session.turn") this.report({ type: "turn.started", job: job.key, session: job.session })
    this.report({ type: "job.done", job: job.key, result: job.kind === "plan.read" ? { kind: job.kind, plan: this.planned, faults: [] } : goodResult(job) })
  }

  /** Lets time pass until the next instant that the state waits for, and rings it. False when there is none. */
  tick(): boolean {
    const next = nextInstant(this.state)
    if (next === null) return false
    this.now = Math.max(this.now, next)
    this.tell({ type: "tick" })
    return true
  }

  /** Answers every open job until none is left. */
  runDry(): void {
    for (let job = this.#first(); job !== undefined; job = this.#first()) this.succeed(job.job)
  }

  task(name: string): State["tasks"] extends { get(key: TaskId): infer T } ? NonNullable<T> : never {
    const found = this.state.tasks.find((task) => task.key === name)
    if (found === undefined) throw new Error(`no task ${name}`)
    return found as never
  }

  jobsOf(kind: Job["kind"]): Job[] {
    return [...this.open.values()].map((action) => action.job).filter((job) => job.kind === kind)
  }

  #first(): Action | undefined {
    return this.open.values().next().value
  }
}

/** Agreed to by somebody who has come far, so that nothing waits at its gate. */
export const plainCampaign = (slug: string): Campaign => ({
  mode: "standard",
  slug,
  direction: "a direction",
  planner: null,
  strategies: null,
  wavesBefore: 0,
  continued: null,
  record: false,
  base: null,
  benchmark: null,
  pickBest: false,
  trust: "trusted",
  consent: "allowed",
  confirmed: "yes",
})

export function planOf(tasks: readonly PlanTask[]): Plan {
  return { version: 1, goal: "a plan", guardrails: [], checks: [], setup: null, tasks, source: { format: "inline", file: null } }
}

export function task(key: string, more: Omit<TaskWords, "key"> = {}): PlanTask {
  return { ...taskOf({ key, prompt: `do ${key}`, ...more }, 0), line: null }
}

export function goodResult(job: Job): JobResult {
  switch (job.kind) {
    case "workspace.prepare":
      return { kind: job.kind, prepared: { path: `/w/${job.workspace}`, branch: job.branch, base: "base", reused: false, conflicted: [] } }
    case "session.open":
      return { kind: job.kind, opened: { agentSession: `agent-${job.session}`, resumed: job.resume !== null, agentVersion: null } }
    case "session.turn":
      return { kind: job.kind, outcome: { how: "completed", text: "", usage: { ...noUsage, inputTokens: 10 } } }
    case "session.steer":
      return { kind: job.kind, steering: "taken" }
    case "session.interrupt":
      return { kind: job.kind, interrupted: true }
    case "workspace.survey":
      return { kind: job.kind, survey: { files: [{ path: "x", status: "added", additions: 1, deletions: 0, from: null }], tree: "tree" } }
    case "permission.answer":
      return { kind: job.kind, delivered: true }
    case "session.close":
      return { kind: job.kind, closed: { swept: 0 } }
    case "workspace.collect":
      return {
        kind: job.kind,
        collected: { head: "head", tree: "tree", base: "base", commits: 1, committedByFleet: false, files: [], unresolved: [], embedded: [] },
      }
    case "checks.run":
      return { kind: job.kind, checks: job.commands.map((command) => ({ command, passed: true, exitCode: 0, timedOut: false, output: "", elapsedMs: 1 })) }
    case "workspace.measure":
      return { kind: job.kind, measures: { complexity: { before: 1, after: 2 }, benchmark: null, benchmarkFailed: null } }
    case "plan.read":
      return { kind: job.kind, plan: null, faults: [] }
    case "landing.try":
      return { kind: job.kind, landing: { how: "landed", commit: `merge-of-${job.landing}`, tree: "tree", checks: [] } }
    case "workspace.release":
      return { kind: job.kind, released: { salvage: null } }
    case "repository.tidy":
      return { kind: job.kind, removed: 0 }
  }
}
