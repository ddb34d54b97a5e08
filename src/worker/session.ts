/** One live session: an agent in a workspace, its turns, what it asks, and its end, which is proved. */
import { FaultError, fault, type Fault } from "../domain/fault.ts"
import type { PermissionRequest, Steering, TurnOutcome, Usage } from "../domain/session/turn.ts"
import type { AnswerPermission, OpenSession, RunTurn, SteerSession } from "../domain/worker/job.ts"
import type { Opened } from "../domain/worker/job-result.ts"
import type { Offers, TranscriptEntry } from "../protocol/worker.ts"
import { plainText } from "../runtime/plain-text.ts"
import { newestChange } from "./checkout.ts"
import { agentEnvironment } from "./environment.ts"
import { capped, describe, sane } from "./outcome.ts"
import type { SessionParts } from "./parts.ts"
import { Permissions } from "./permissions.ts"
import type { PortBlock } from "./port-blocks.ts"
import { nothingOffered, type AgentSession, type SessionChunk, type SessionListener } from "./ports/agent.ts"
import { ProgressFeed } from "./progress.ts"
import { Turn } from "./turn.ts"
import type { Facts } from "./watchdog.ts"

export interface Place {
  readonly directory: string
  /** Commit that changes are counted from; null when it is not known. */
  readonly base: string | null
}

const activityCharsMax = 120

export class Session implements SessionListener {
  readonly job: OpenSession
  readonly #parts: SessionParts
  readonly #place: Place
  readonly #permissions: Permissions
  readonly #progress: ProgressFeed
  readonly #closing = new AbortController()
  #agent: AgentSession | null = null
  #turn: { readonly job: RunTurn; readonly turn: Turn } | null = null
  #ports: PortBlock | null = null
  #dead: string | null = null

  constructor(parts: SessionParts, job: OpenSession, place: Place) {
    this.job = job
    this.#parts = parts
    this.#place = place
    this.#permissions = new Permissions({
      session: job.session,
      decide: (request) => parts.decide(request, place.directory),
      answer: (permission, allow, note) => this.#agent?.answer(permission, allow, note) ?? Promise.resolve(false),
      report: parts.report,
      transcribe: (text) => this.#transcribe("permission", text),
      waits: (waiting) => (waiting ? this.#turn?.turn.watchdog.pause() : this.#turn?.turn.watchdog.resume()),
    })
    this.#progress = new ProgressFeed({
      clock: parts.clock,
      session: job.session,
      send: parts.progress,
      countFiles: async () => (await this.#changedFiles())?.length ?? null,
    })
  }

  /** It takes no further prompt; opening it again is the way on. */
  get ended(): boolean {
    return this.#dead !== null || this.#closing.signal.aborted
  }

  /** A turn runs. */
  get working(): boolean {
    return this.#turn !== null
  }

  get ports(): PortBlock | null {
    return this.#ports
  }

  async open(): Promise<Opened> {
    try {
      const driver = await this.#parts.agents.driver(this.job.agent)
      const environment = await this.#environment()
      const { session, model, effort, resume } = this.job
      const request = { session, directory: this.#place.directory, model, effort, resume, environment }
      this.#agent = await driver.open(request, this, this.#closing.signal)
    } catch (error) {
      this.#dead = "it could not be opened"
      await this.close()
      throw error
    }
    const { agentSession, resumed, agentVersion } = this.#agent
    return { agentSession, resumed, agentVersion }
  }

  async turn(job: RunTurn): Promise<TurnOutcome> {
    const agent = this.#agent
    if (agent === null || this.ended) throw new FaultError(notOpen(job.session, this.#dead))
    this.#transcribe("prompt", job.prompt)
    const { clock, graceMs } = this.#parts
    const turn = new Turn({ clock, agent, facts: this.#facts(), stallMs: job.stallMs, graceMs, sweep: () => this.#sweep() })
    this.#turn = { job, turn }
    this.#progress.begin()
    const { attachments, model, mode } = job
    const outcome = capped(await turn.run(job.prompt, { attachments, model, mode }))
    this.#permissions.withdrawAll()
    this.#turn = null
    if (turn.endedAgent) this.#forced(outcome)
    // Whatever the agent's tools still do must be over before somebody works on in this place.
    if (outcome.how === "lost") await this.#sweep()
    this.#transcribe("turn", describe(outcome))
    await this.#progress.settle(outcome.usage)
    return outcome
  }

  async steer(job: SteerSession): Promise<Steering> {
    const steering = (await this.#turn?.turn.steer(job.text)) ?? "over"
    if (steering === "taken") this.#transcribe("prompt", `[told while it worked] ${job.text}`)
    else this.#transcribe("note", `[not delivered: ${steering === "cannot" ? "this agent takes nothing while it works" : "its turn was over"}] ${job.text}`)
    return steering
  }

  answer(job: AnswerPermission): Promise<boolean> {
    return this.#permissions.answer(job.permission, job.allow, job.note)
  }

  /** Stops the turn that runs; the session goes on when its agent complies. False when there was none, or it had finished by itself. */
  async interruptTurn(): Promise<boolean> {
    const turn = this.#turn?.turn
    await turn?.stop()
    return turn?.interrupted ?? false
  }

  /** What can be chosen for its turns. An agent that does not say in time offers nothing now. */
  async offers(): Promise<Offers> {
    if (this.#agent === null || this.ended) return nothingOffered
    const limit = Promise.withResolvers<Offers>()
    const timer = this.#parts.clock.after(this.#parts.graceMs, () => limit.resolve(nothingOffered))
    const offers = await Promise.race([this.#agent.offers(), limit.promise])
    timer[Symbol.dispose]()
    return offers
  }

  /** Stops what runs, at once. The rest of the end is `close`. */
  async interrupt(): Promise<void> {
    this.#closing.abort()
    await this.#turn?.turn.interrupt()
  }

  /** Ends the agent and everything that it started. Resolves to how many processes had to be ended after it. */
  async close(): Promise<number> {
    await this.interrupt()
    await this.#closeAgent()
    const swept = await this.#sweep()
    this.#progress[Symbol.dispose]()
    if (this.#ports !== null) this.#parts.ports.giveBack(this.#ports)
    this.#ports = null
    await this.#parts.transcripts.close(this.job.session)
    return swept
  }

  started(): void {
    if (this.#turn === null || this.#turn.turn.started) return
    this.#turn.turn.acknowledge()
    this.#parts.report({ type: "turn.started", job: this.#turn.job.key, session: this.job.session })
  }

  said(chunk: SessionChunk): void {
    this.#turn?.turn.watchdog.heard()
    const text = chunk.type === "tool" ? toolText(chunk) : chunk.text
    this.#transcribe(chunk.type, text)
    this.#progress.activity(plainText(lastLine(chunk.type === "tool" ? chunk.title : text), { maxChars: activityCharsMax, oneLine: true }))
  }

  asked(request: PermissionRequest): void {
    this.#turn?.turn.watchdog.heard()
    this.#permissions.asked(request)
  }

  withdrawn(permission: string): void {
    this.#permissions.withdrawn(permission)
  }

  used(usage: Usage): void {
    if (this.#turn === null) return
    this.#turn.turn.watchdog.heard()
    this.#turn.turn.usage = sane(usage)
    this.#progress.used(sane(usage))
  }

  died(message: string): void {
    const asked = this.ended || this.#turn?.turn.endedAgent === true
    this.#dead ??= message
    if (asked) return
    this.#transcribe("note", `The agent's process ended: ${message}`)
    this.#reportDeath(message)
    // In a turn that is done before the turn counts as over.
    if (this.#turn === null) void this.#sweep().catch(() => undefined)
  }

  /** The agent had to be ended with its turn. Of one that was only to stop the turn nobody would know otherwise. */
  #forced(outcome: TurnOutcome): void {
    this.#dead ??= "it was ended"
    if (outcome.how === "interrupted" && !this.#closing.signal.aborted) this.#reportDeath("it did not stop its turn when it was asked to, and was ended")
  }

  #reportDeath(message: string): void {
    this.#parts.report({ type: "session.died", session: this.job.session, message: message.slice(0, 10_000) })
  }

  async #environment(): Promise<Readonly<Record<string, string>>> {
    const { parts, job } = { parts: this.#parts, job: this.job }
    this.#ports = await parts.ports.lease()
    return agentEnvironment({
      base: parts.environment,
      passed: parts.agents.passedVariables(job.agent),
      added: job.environment,
      session: job.session,
      workspace: job.workspace,
      boot: parts.boot,
      homeId: parts.homeId,
      agent: job.agent,
      personKnown: await parts.checkouts.personKnown(this.#place.directory),
      ports: this.#ports,
    })
  }

  /** What does not close in time is swept. */
  async #closeAgent(): Promise<void> {
    if (this.#agent === null) return
    const limit = Promise.withResolvers<void>()
    const timer = this.#parts.clock.after(this.#parts.graceMs * 2, () => limit.resolve())
    await Promise.race([this.#agent.close().catch(() => undefined), limit.promise])
    timer[Symbol.dispose]()
  }

  #sweep(): Promise<number> {
    return this.#parts.processes.end(this.job.session)
  }

  #facts(): Facts {
    return {
      cpuMs: () => this.#parts.processes.cpuMs(this.job.session),
      newestChangeMs: async () => {
        const files = await this.#changedFiles()
        return files === null ? null : newestChange(this.#place.directory, files)
      },
    }
  }

  async #changedFiles(): Promise<readonly string[] | null> {
    const { directory, base } = this.#place
    return base === null ? null : this.#parts.checkouts.changedSince(directory, base)
  }

  #transcribe(type: TranscriptEntry["type"], text: string): void {
    this.#parts.transcripts.add(this.job.session, { at: this.#parts.clock.now(), type, text })
  }
}

function toolText(chunk: Extract<SessionChunk, { type: "tool" }>): string {
  const output = chunk.output === null || chunk.output === "" ? "" : `\n${chunk.output}`
  return `${chunk.title} (${chunk.status})${output}`
}

/** The newest line that says something. */
function lastLine(text: string): string {
  return text.slice(-2_000).trimEnd().split("\n").at(-1) ?? ""
}

const notOpen = (session: string, dead: string | null): Fault =>
  fault("session.not-open", `Session ${session} takes no prompt`, dead ?? "it is being closed", promptAgain)

/** For sessions of tasks and of their own alike. */
export const promptAgain = "The session of a task: fleet retry <task>. Any other: prompt it again, and it is opened anew."
