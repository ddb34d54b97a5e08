/** Performs one job with the worker's parts. Idempotency is `jobs.ts`. */
import { FaultError, fault, type Fault } from "../domain/fault.ts"
import type { SessionId, WorkspaceId } from "../domain/ids.ts"
import type { Job, MeasureWork, PrepareWorkspace, ReleaseWorkspace, RunChecks, SurveyWorkspace, TryLanding } from "../domain/worker/job.ts"
import type { CheckResult, JobResult, Measures, Released, Survey } from "../domain/worker/job-result.ts"
import { Lanes } from "../runtime/lane.ts"
import { baseEnvironment } from "./environment.ts"
import { readPlanIn } from "../protocol/plans/spoken.ts"
import { readBenchmark } from "./benchmark.ts"
import type { WorkerParts } from "./parts.ts"
import { Sessions, workerCloses } from "./sessions.ts"

/** More would not fit a report comfortably, nor would anybody read it. */
const surveyedMax = 20_000

export class Performance {
  readonly sessions: Sessions
  readonly #parts: WorkerParts
  readonly #signal: AbortSignal
  /** Of one workspace one thing at a time. */
  readonly #lanes = new Lanes()
  readonly #working = new Set<Promise<unknown>>()
  readonly #checks = new Map<SessionId, Set<AbortController>>()

  /** `signal`: the worker ends. */
  constructor(parts: WorkerParts, signal: AbortSignal) {
    this.#parts = parts
    this.#signal = signal
    this.sessions = new Sessions(parts)
  }

  async perform(job: Job): Promise<JobResult> {
    try {
      if (!this.#signal.aborted) return await this.#perform(job)
    } catch (error) {
      if (!this.#signal.aborted || error instanceof FaultError) throw error
    }
    throw new FaultError(workerCloses)
  }

  async #perform(job: Job): Promise<JobResult> {
    const { workspaces } = this.#parts
    const { kind } = job
    switch (kind) {
      case "workspace.prepare":
        return { kind, prepared: await this.#alone(job.workspace, () => this.#prepare(job)) }
      case "session.open":
        return { kind, opened: await this.sessions.open(job, this.#signal) }
      case "session.turn":
        return { kind, outcome: await this.sessions.turn(job) }
      case "session.steer":
        return { kind, steering: await this.sessions.steer(job) }
      case "session.interrupt":
        return { kind, interrupted: await this.sessions.interrupt(job) }
      case "permission.answer":
        return { kind, delivered: await this.sessions.answer(job) }
      case "session.close":
        for (const checks of this.#checks.get(job.session) ?? []) checks.abort()
        return { kind, closed: await this.sessions.close(job) }
      case "workspace.survey":
        return { kind, survey: await this.#alone(job.workspace, () => this.#survey(job)) }
      case "workspace.collect":
        return { kind, collected: await this.#alone(job.workspace, () => workspaces.collect(job, this.#signal)) }
      case "checks.run":
        return { kind, checks: await this.#cutOffWith(job.session, (signal) => this.#alone(job.workspace, () => this.#check(job, signal))) }
      case "workspace.measure":
        return { kind, measures: await this.#cutOffWith(job.session, (signal) => this.#alone(job.workspace, () => this.#measure(job, signal))) }
      case "plan.read":
        return { kind, ...readPlanIn(job.text) }
      case "landing.try":
        return { kind, landing: await workspaces.land(job, (directory) => this.#landingChecks(job, directory), this.#signal) }
      case "workspace.release":
        this.sessions.bases.delete(job.workspace)
        return { kind, released: await this.#alone(job.workspace, () => this.#release(job)) }
      case "repository.tidy":
        // What was asked for before, a release above all, is to be seen by it.
        await Promise.allSettled(this.#working)
        return { kind, removed: await workspaces.tidy(job.repository) }
    }
  }

  async #alone<T>(workspace: WorkspaceId, work: () => Promise<T>): Promise<T> {
    const working = this.#lanes.run(workspace, work)
    this.#working.add(working)
    try {
      return await working
    } finally {
      this.#working.delete(working)
    }
  }

  async #prepare(job: PrepareWorkspace) {
    const prepared = await this.#parts.workspaces.prepare(job, this.#signal)
    if (job.instance !== null) await this.#parts.planning.enter(job.repository, prepared.path, job.instance)
    this.sessions.bases.set(job.workspace, prepared.base)
    return prepared
  }

  async #release({ workspace, landed, tag }: ReleaseWorkspace): Promise<Released> {
    const { workspaces, planning } = this.#parts
    // One that is gone has no mark either.
    const directory = await workspaces.locate(workspace).catch(() => null)
    if (directory !== null) await planning.leave(directory)
    return workspaces.release(workspace, landed, tag)
  }

  async #survey({ workspace, base }: SurveyWorkspace): Promise<Survey> {
    const { files, tree } = await this.#parts.workspaces.survey(workspace, base)
    return { files: files.slice(0, surveyedMax), tree }
  }

  async #cutOffWith<T>(session: SessionId, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const cutOff = new AbortController()
    const running = this.#checks.get(session) ?? new Set()
    this.#checks.set(session, running.add(cutOff))
    try {
      return await work(AbortSignal.any([cutOff.signal, this.#signal]))
    } finally {
      running.delete(cutOff)
      if (running.size === 0) this.#checks.delete(session)
    }
  }

  /** What is checked is the commit and nothing else: a file that nobody committed must not make a check pass. */
  async #check(job: RunChecks, signal: AbortSignal): Promise<readonly CheckResult[]> {
    const directory = await this.#parts.workspaces.locate(job.workspace)
    const head = await this.#parts.checkouts.head(directory)
    if (head !== job.commit) throw new FaultError(moved(job, head))
    const uncommitted = await this.#parts.checkouts.uncommitted(directory)
    if (uncommitted.length > 0) throw new FaultError(dirty(job, uncommitted))
    if (signal.aborted) throw new FaultError(cutOff)
    const environment = { ...this.#checkEnvironment(), ...this.#sessionMarks(job) }
    const { commands, timeoutMs } = job
    try {
      return await this.#parts.runChecks({ directory, commands, timeoutMs, environment }, signal)
    } catch (error) {
      throw signal.aborted ? new FaultError(cutOff) : error
    } finally {
      // What a check writes is nobody's work: the next attempt must not find it, let alone commit it.
      await this.#parts.checkouts.restore(directory)
    }
  }

  /** What was measured is the commit; what the benchmark writes is nobody's work. */
  async #measure({ workspace, base, commit, benchmark, timeoutMs, session }: MeasureWork, signal: AbortSignal): Promise<Measures> {
    const directory = await this.#parts.workspaces.locate(workspace)
    const complexity = await this.#parts.maps.complexity(directory, base, commit)
    if (benchmark === null) return { complexity, benchmark: null, benchmarkFailed: null }
    const environment = { ...this.#checkEnvironment(), ...this.#sessionMarks({ session, workspace }) }
    try {
      const [result] = await this.#parts.runChecks({ directory, commands: [benchmark], timeoutMs, environment }, signal)
      return { complexity, ...readBenchmark(result) }
    } finally {
      await this.#parts.checkouts.restore(directory)
    }
  }

  #landingChecks(job: TryLanding, directory: string): Promise<readonly CheckResult[]> {
    const { commands, timeoutMs } = job
    return this.#parts.runChecks({ directory, commands, timeoutMs, environment: this.#checkEnvironment() }, this.#signal)
  }

  /** Marked like an agent's environment, so that a check that outlives its worker is found too. */
  #checkEnvironment(): Readonly<Record<string, string>> {
    const { environment, boot, homeId } = this.#parts
    return { ...baseEnvironment(environment, []), FLEET_WORKER: boot, FLEET_HOME_ID: homeId }
  }

  #sessionMarks(job: Pick<RunChecks, "session" | "workspace">): Readonly<Record<string, string>> {
    const ports = this.sessions.find(job.session)?.ports ?? null
    const marks = { FLEET_SESSION: job.session, FLEET_WORKSPACE: job.workspace }
    return ports === null ? marks : { ...marks, FLEET_PORT_BASE: String(ports.base), FLEET_PORT_COUNT: String(ports.count) }
  }
}

const moved = (job: RunChecks, head: string): Fault =>
  fault("checks.moved", "The checks were not run", `workspace ${job.workspace} is at ${head}, not at ${job.commit}`, "Retry the task: fleet retry <task>")

const dirty = (job: RunChecks, files: readonly string[]): Fault =>
  fault(
    "checks.uncommitted",
    "The checks were not run",
    `workspace ${job.workspace} holds changes that are not in the commit: ${files.slice(0, 5).join(", ")}${files.length > 5 ? " …" : ""}`,
    "Commit them or have git ignore them, then retry the task: fleet retry <task>",
  )

const cutOff = fault("checks.cut-off", "The checks were cut off", "their session was closed", "Retry the task: fleet retry <task>")
