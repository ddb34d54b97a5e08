/**
 * Keeps the files of campaigns under `.planning/`: what only grows is read from the events, with a cursor, so that nothing is left out and nothing told
 * twice; what is the state of things is written anew from the state. What people edit there is read back as commands. Never state of its own: it can begin anew at any time.
 */
import { FaultError } from "../../domain/fault.ts"
import type { RunId } from "../../domain/ids.ts"
import { campaignFilesOf } from "../../domain/planning/campaign-file.ts"
import { editsOf } from "../../domain/planning/queue-edits.ts"
import { keepsNothing, sessionFileOf, type FileKeeps } from "../../domain/planning/session-file-of.ts"
import { parseSessionFile } from "../../domain/planning/session-file-parse.ts"
import { renderSessionFile } from "../../domain/planning/session-file-render.ts"
import type { SessionFile } from "../../domain/planning/session-file.ts"
import type { Campaign } from "../../domain/run/campaign.ts"
import type { Event } from "../../domain/project/events.ts"
import type { Run } from "../../domain/run/run.ts"
import type { EditedFile, PlanningWrite, Recorded } from "../../protocol/planning/record.ts"
import type { Clock } from "../../runtime/clock.ts"
import { Lane } from "../../runtime/lane.ts"
import type { Hub } from "../hub.ts"
import type { Cursor, Remembered } from "../ports/remembered.ts"
import { seeClaims } from "./claims.ts"
import { coordinationOf } from "./coordination.ts"
import { takeEdits } from "./edits.ts"
import { entriesOf, recordedRun } from "./entries.ts"
import { keepsOf } from "./keeps.ts"

export interface RecorderParts {
  readonly hub: Hub
  readonly remembered: Pick<Remembered, "cursor" | "moveCursor">
  readonly clock: Clock
  readonly complain: (error: unknown) => void
}

const cursorName = "planning"
const pageEvents = 500
/** How often it is looked whether somebody has edited a file or claimed a path. */
const lookMs = 2_000
const retryMs = 5_000
/** Dead instances are looked for after each wave and before the next, and this often meanwhile. */
const sweepMs = 60_000
/** A repository that is gone must not hold up the others' files. */
const failuresMax = 5
const refusedMax = 20
/** A campaign at work has events by the dozen: they are written together. */
const gatherMs = 100

export class Recorder implements AsyncDisposable {
  readonly #parts: RecorderParts
  readonly #lane = new Lane()
  readonly #heard: Disposable
  readonly #keeps = new Map<RunId, FileKeeps>()
  /** Runs whose files are behind the state. */
  readonly #stale = new Set<RunId>()
  readonly #written = new Map<RunId, string>()
  /** When it was last looked for dead instances. */
  readonly #sweptAt = new Map<RunId, number>()
  readonly #lookedAt = new Map<RunId, number>()
  readonly #failed = new Map<RunId, number>()
  /** Texts of the files of campaigns, by their names. */
  readonly #campaigns = new Map<string, string>()
  #timer: Disposable | null = null
  #woken = false
  #workedAt = 0
  #closed = false

  constructor(parts: RecorderParts) {
    this.#parts = parts
    this.#heard = parts.hub.published.subscribe(() => this.#wake())
    for (const run of parts.hub.state.runs.values()) if (run.campaign?.record === true && run.status.name !== "settled") this.#stale.add(run.id)
    this.#wake()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#heard[Symbol.dispose]()
    this.#timer?.[Symbol.dispose]()
    await this.#lane.idle()
  }

  #wake(): void {
    if (this.#woken || this.#closed) return
    this.#woken = true
    const dueMs = this.#workedAt + gatherMs - this.#parts.clock.now()
    if (dueMs > 0) this.#arm(dueMs)
    else void this.#lane.run(() => this.#work())
  }

  /** Never rejects: what could not be written now is written later. */
  async #work(): Promise<void> {
    this.#woken = false
    this.#workedAt = this.#parts.clock.now()
    let waitMs = lookMs
    try {
      await this.#readEvents()
      for (const id of this.#stale) await this.#write(id)
      await this.#lookAround()
    } catch (error) {
      waitMs = retryMs
      // Without a worker nothing can be written; its coming back is an event.
      if (!isAway(error)) this.#parts.complain(error)
    }
    if (this.#woken || (this.#going().length === 0 && this.#stale.size === 0)) return
    this.#arm(waitMs)
  }

  #arm(waitMs: number): void {
    this.#timer?.[Symbol.dispose]()
    this.#timer = this.#closed ? null : this.#parts.clock.after(waitMs, () => void this.#lane.run(() => this.#work()))
  }

  /** Whether somebody has edited a file or claimed a path: now and then, and at once around the ends of waves. */
  async #lookAround(): Promise<void> {
    const now = this.#parts.clock.now()
    for (const run of this.#going()) {
      if (now - (this.#lookedAt.get(run.id) ?? 0) < lookMs) continue
      this.#lookedAt.set(run.id, now)
      await this.#look(run)
    }
  }

  #going(): Run[] {
    return [...this.#parts.hub.state.unfinished].flatMap((id) => {
      const run = this.#parts.hub.state.runs.get(id)
      return run?.campaign?.record === true && run.status.name !== "settled" ? [run] : []
    })
  }

  async #readEvents(): Promise<void> {
    const { hub, remembered } = this.#parts
    const cursor: Cursor = (await remembered.cursor(cursorName)) ?? { after: 0, failingSince: null, tries: 0 }
    for (let after = cursor.after; ;) {
      const page = await hub.history(after, pageEvents)
      const last = page.at(-1)
      if (last === undefined) return
      const byRun = new Map<RunId, PlanningWrite[]>()
      for (const stored of page) {
        const run = recordedRun(hub.state, stored.event)
        if (run === null) continue
        this.#stale.add(run.id)
        if (isBoundary(stored.event)) this.#sweepSoon(run.id)
        const writes = entriesOf(hub.state, run, stored)
        if (writes.length > 0) byRun.set(run.id, [...(byRun.get(run.id) ?? []), ...writes])
      }
      for (const [id, writes] of byRun) await this.#record(id, once(writes))
      for (const { event } of page) if (event.type === "run.submitted") await this.#catchUp(event.run)
      after = last.number
      await remembered.moveCursor(cursorName, { after, failingSince: null, tries: 0 })
    }
  }

  #sweepSoon(id: RunId): void {
    this.#sweptAt.delete(id)
    this.#lookedAt.delete(id)
  }

  /** What earlier campaigns could not propagate is tried again when a new one begins (C.1.47). */
  async #catchUp(id: RunId): Promise<void> {
    const { hub } = this.#parts
    const run = hub.state.runs.get(id)
    if (run?.campaign?.record !== true) return
    const answer = await hub.workers.ask(this.#worker(), { ask: "session-files", repository: run.repository })
    const files = answer.ask === "session-files" ? answer.files : []
    const slugs = new Set(files.flatMap(({ found }) => parseSessionFile(found).file?.pendingPropagation ?? []))
    if (slugs.size === 0) return
    const asked = await hub.workers.ask(this.#worker(), {
      ask: "record",
      repository: run.repository,
      writes: [...slugs].map((slug) => ({ kind: "propagate", slug })),
    })
    const still = new Set(asked.ask === "record" ? asked.recorded.pending.map(({ slug }) => slug) : slugs)
    for (const other of hub.state.runs.values()) {
      if (other.commonDirectory !== run.commonDirectory || other.campaign?.record !== true) continue
      const keeps = await this.#keepsOf(other)
      const pendingPropagation = keeps.pendingPropagation.filter((slug) => still.has(slug))
      if (pendingPropagation.length === keeps.pendingPropagation.length) continue
      this.#keeps.set(other.id, { ...keeps, pendingPropagation })
      this.#stale.add(other.id)
    }
  }

  /** The session file and who works where, as the state has it now. */
  async #write(id: RunId): Promise<void> {
    const { hub, clock } = this.#parts
    const run = hub.state.runs.get(id)
    if (run?.campaign != null) {
      const keeps = await this.#keepsOf(run)
      const text = renderSessionFile(sessionFileOf(hub.state, run, run.campaign, keeps))
      const session = this.#written.get(id) === text ? [] : [{ kind: "session-file", slug: run.campaign.slug, text, over: null } as const]
      const campaigns = this.#changedCampaigns(run, run.campaign)
      const recorded = await this.#record(id, [...session, ...campaigns, coordinationOf(hub.state, run, clock.now())])
      this.#written.set(id, text)
      for (const { name, text: written } of campaigns) this.#campaigns.set(name, written)
      for (const edited of recorded.edited) await this.#takeOver(run, edited)
    }
    this.#stale.delete(id)
  }

  #changedCampaigns(run: Run, campaign: Campaign) {
    return campaignFilesOf(this.#parts.hub.state, run, campaign)
      .filter(({ name, text }) => this.#campaigns.get(name) !== text)
      .map((file) => ({ kind: "campaign", slug: campaign.slug, ...file }) as const)
  }

  async #look(run: Run): Promise<void> {
    const { hub, clock } = this.#parts
    const sweep = clock.now() - (this.#sweptAt.get(run.id) ?? 0) >= sweepMs
    if (sweep) this.#sweptAt.set(run.id, clock.now())
    const { repository: root, commonDirectory, ignoreCase } = run
    const look = await seeClaims(hub, { root, commonDirectory, ignoreCase }, this.#slugs(run), sweep)
    await this.#warn(run)
    for (const edited of look.edited) if (edited.slug === run.campaign?.slug) await this.#takeOver(run, edited)
  }

  /** Of all campaigns in the same repository: none of them is a stranger to another. */
  #slugs({ commonDirectory }: Run): string[] {
    return [...this.#parts.hub.state.runs.values()].flatMap((run) =>
      run.commonDirectory === commonDirectory && run.campaign !== null ? [run.campaign.slug] : [],
    )
  }

  async #warn(run: Run): Promise<void> {
    const { orphanWarnings } = this.#parts.hub
    const warnings = orphanWarnings.get(run.commonDirectory)
    if (warnings === undefined) return
    const keeps = await this.#keepsOf(run)
    orphanWarnings.delete(run.commonDirectory)
    this.#keeps.set(run.id, { ...keeps, warnings: [...new Set([...keeps.warnings, ...warnings])] })
    this.#stale.add(run.id)
  }

  /** Somebody edited the file: what can be taken is done, what cannot is said in the file, and then it is written as things are. */
  async #takeOver(run: Run, { written, found, slug }: EditedFile): Promise<void> {
    const { hub } = this.#parts
    const now = parseSessionFile(found).file
    const before = written === null ? null : parseSessionFile(written).file
    const campaign = run.campaign
    if (campaign === null) return
    const keeps = await this.#keepsOf(run)
    const refused =
      now === null
        ? ["the file could not be read as a session file: it is written anew, and what stood there is kept beside it"]
        : await this.#taken(run, before, now)
    const kept = now === null ? keeps : { ...keeps, ...keepsOf(now, keeps) }
    this.#keeps.set(run.id, { ...kept, refusedEdits: [...kept.refusedEdits, ...refused].slice(-refusedMax) })
    const current = hub.state.runs.get(run.id)
    if (current === undefined) return
    const text = renderSessionFile(sessionFileOf(hub.state, current, campaign, this.#keeps.get(run.id) ?? keeps))
    await this.#record(run.id, [{ kind: "session-file", slug, text, over: found }])
    this.#written.set(run.id, text)
  }

  async #taken(run: Run, before: SessionFile | null, now: SessionFile): Promise<string[]> {
    // Nothing of ours is known to have been there: nothing can be told apart.
    return before === null ? [] : takeEdits(this.#parts.hub, run, editsOf(before, now), now)
  }

  /** What is in a file and in no state: read from the file, once. */
  async #keepsOf(run: Run): Promise<FileKeeps> {
    const known = this.#keeps.get(run.id)
    if (known !== undefined) return known
    const { hub } = this.#parts
    const answer = await hub.workers.ask(this.#worker(), { ask: "session-files", repository: run.repository })
    const found = answer.ask === "session-files" ? answer.files.find(({ slug }) => slug === run.campaign?.slug)?.found : undefined
    const file = found === undefined ? null : parseSessionFile(found).file
    const keeps = file === null ? keepsNothing : { ...keepsNothing, ...keepsOf(file, keepsNothing), ...beforeThis(run, file) }
    this.#keeps.set(run.id, keeps)
    return keeps
  }

  async #record(id: RunId, writes: readonly PlanningWrite[]): Promise<Recorded> {
    const { hub, complain } = this.#parts
    const run = hub.state.runs.get(id)
    if (run === undefined || writes.length === 0 || (this.#failed.get(id) ?? 0) >= failuresMax) return nothing
    const answer = await hub.workers
      .ask(this.#worker(), { ask: "record", repository: run.repository, writes })
      .catch((error: unknown) => this.#failing(id, error))
    if (answer.ask !== "record") throw new Error(`asked to record, answered ${answer.ask}`)
    for (const notice of answer.recorded.notices) complain(new FaultError(notice))
    const pending = answer.recorded.pending.map(({ slug }) => slug)
    if (pending.length > 0) {
      const keeps = await this.#keepsOf(run)
      this.#keeps.set(id, { ...keeps, pendingPropagation: [...new Set([...keeps.pendingPropagation, ...pending])] })
      this.#stale.add(id)
    }
    return answer.recorded
  }

  /** Tried again a few times; then its files are given up, and that is said. */
  #failing(id: RunId, error: unknown): never {
    if (!isAway(error)) this.#failed.set(id, (this.#failed.get(id) ?? 0) + 1)
    throw error
  }

  #worker() {
    const worker = [...this.#parts.hub.state.workers.values()].find(({ status }) => status.name === "connected")
    if (worker === undefined)
      throw new FaultError({ code: "worker.away", what: "nothing can be recorded", why: "no worker is connected", fix: "it goes on when one is" })
    return worker.id
  }
}

const isAway = (error: unknown): boolean => error instanceof FaultError && error.fault.code.startsWith("worker.")

/** Dead instances are looked for after a wave and before the next one: the latest moment is when what a wave proved is about to land. */
const isBoundary = ({ type }: Event): boolean => type === "wave.started" || type === "wave.ended" || type === "landing.queued"

const nothing: Recorded = { edited: [], pending: [], notices: [] }

/** Momentum is made of all that is there: once after many is enough. */
function once(writes: readonly PlanningWrite[]): PlanningWrite[] {
  const others = writes.filter(({ kind }) => kind !== "momentum")
  return others.length === writes.length ? others : [...others, { kind: "momentum" }]
}

/** What stands there of waves before this run began: it was continued from the file. */
function beforeThis({ campaign, waves, startedAt }: Run, file: SessionFile): Partial<FileKeeps> {
  const last = campaign?.wavesBefore ?? 0
  const own = new Set(waves.map(({ number }) => number))
  const continued = last > 0 && Date.parse(file.started) < startedAt
  return { wavesBefore: file.waves.filter(({ number }) => number <= last && !own.has(number)), sharedBefore: continued ? file.shared : [] }
}
