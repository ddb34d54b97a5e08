/**
 * When the files of campaigns under `.planning/` are written and looked at. What only grows is read from the events, with a cursor, so that nothing is
 * left out and nothing told twice; what is the state of things is written anew by `campaign-files.ts`. Never state of its own: it can begin anew at any time.
 */
import type { RunId } from "../../domain/ids.ts"
import type { Event } from "../../domain/project/events.ts"
import type { Run } from "../../domain/run/run.ts"
import type { PlanningWrite } from "../../protocol/planning/record.ts"
import { Lane } from "../../runtime/lane.ts"
import type { Cursor, Remembered } from "../ports/remembered.ts"
import { CampaignFiles, sharesFile } from "./campaign-files.ts"
import { seeClaims } from "./claims.ts"
import { entriesOf, recordedRun } from "./entries.ts"
import { isAway, type WriterParts } from "./writer.ts"

export interface RecorderParts extends WriterParts {
  readonly remembered: Pick<Remembered, "cursor" | "moveCursor">
}

const cursorName = "planning"
const pageEvents = 500
/** How often it is looked whether somebody has edited a file or claimed a path. */
const lookMs = 2_000
const retryMs = 5_000
/** Dead instances are looked for after each wave and before the next, and this often meanwhile. */
const sweepMs = 60_000
/** A campaign at work has events by the dozen: they are written together. */
const gatherMs = 100

export class Recorder implements AsyncDisposable {
  readonly #parts: RecorderParts
  readonly #lane = new Lane()
  readonly #heard: Disposable
  readonly #files: CampaignFiles
  /** When it was last looked for dead instances. */
  readonly #sweptAt = new Map<RunId, number>()
  readonly #lookedAt = new Map<RunId, number>()
  /** What was said to be wrong since all was well. */
  readonly #complained = new Set<string>()
  /** Campaigns that ended before: whether their session files are still as they were left is looked at once. */
  readonly #over = new Set<RunId>()
  #timer: Disposable | null = null
  #woken = false
  #workedAt = 0
  #closed = false

  constructor(parts: RecorderParts) {
    this.#parts = parts
    this.#files = new CampaignFiles(parts)
    this.#heard = parts.hub.published.subscribe(() => this.#wake())
    for (const run of newestOfFiles(parts.hub.state.runs.values())) (run.status.name === "settled" ? this.#over : this.#files.stale).add(run.id)
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
      this.#forget()
      await this.#readEvents()
      const written = await this.#each(this.#files.stale, (id) => this.#files.write(id))
      const mended = await this.#mendOver()
      const looked = await this.#lookAround()
      if (written && mended && looked) this.#complained.clear()
    } catch (error) {
      waitMs = retryMs
      // Without a worker nothing can be written; its coming back is an event.
      if (!isAway(error)) this.#parts.complain(error)
    }
    if (this.#woken || (this.#going().length === 0 && this.#files.stale.size === 0)) return
    this.#arm(waitMs)
  }

  /** One whose repository is gone, or cannot be looked at, holds up no other. Resolves to whether all went well. */
  async #each(ids: Iterable<RunId>, work: (id: RunId) => Promise<void>): Promise<boolean> {
    let well = true
    for (const id of ids) {
      try {
        await work(id)
      } catch (error) {
        if (isAway(error)) throw error
        well = false
        this.#complain(id, error)
      }
    }
    return well
  }

  /** The same trouble is said once, however often it is met before all is well again. */
  #complain(id: RunId, error: unknown): void {
    const said = `${id}: ${error instanceof Error ? error.message : String(error)}`
    if (this.#complained.has(said)) return
    this.#complained.add(said)
    this.#parts.complain(error)
  }

  async #mendOver(): Promise<boolean> {
    const well = await this.#each(this.#over, async (id) => {
      if (!this.#files.stale.has(id)) await this.#files.mend(id)
    })
    this.#over.clear()
    return well
  }

  /** Of runs that the state has no more. */
  #forget(): void {
    this.#files.forget()
    for (const known of [this.#sweptAt, this.#lookedAt]) for (const id of known.keys()) if (!this.#parts.hub.state.runs.has(id)) known.delete(id)
  }

  #arm(waitMs: number): void {
    this.#timer?.[Symbol.dispose]()
    this.#timer = this.#closed ? null : this.#parts.clock.after(waitMs, () => void this.#lane.run(() => this.#work()))
  }

  /** Whether somebody has edited a file or claimed a path: now and then, and at once around the ends of waves. */
  #lookAround(): Promise<boolean> {
    const now = this.#parts.clock.now()
    const due = this.#going().filter(({ id }) => now - (this.#lookedAt.get(id) ?? 0) >= lookMs)
    return this.#each(
      due.map(({ id }) => id),
      async (id) => {
        this.#lookedAt.set(id, now)
        const run = this.#parts.hub.state.runs.get(id)
        if (run !== undefined) await this.#look(run)
      },
    )
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
        this.#files.stale.add(run.id)
        if (isBoundary(stored.event)) this.#sweepSoon(run.id)
        const writes = entriesOf(hub.state, run, stored)
        if (writes.length > 0) byRun.set(run.id, [...(byRun.get(run.id) ?? []), ...writes])
      }
      for (const [id, writes] of byRun) await this.#files.record(id, once(writes))
      for (const { event } of page) if (event.type === "run.submitted") await this.#files.retryPropagation(event.run)
      after = last.number
      await remembered.moveCursor(cursorName, { after, failingSince: null, tries: 0 })
    }
  }

  #sweepSoon(id: RunId): void {
    this.#sweptAt.delete(id)
    this.#lookedAt.delete(id)
  }

  async #look(run: Run): Promise<void> {
    const { hub, clock } = this.#parts
    const sweep = clock.now() - (this.#sweptAt.get(run.id) ?? 0) >= sweepMs
    if (sweep) this.#sweptAt.set(run.id, clock.now())
    const { repository: root, commonDirectory, ignoreCase } = run
    const { slug } = run.campaign ?? { slug: null }
    const look = await seeClaims(hub, { root, commonDirectory, ignoreCase }, { sweep, files: slug === null ? [] : [slug] })
    await this.#files.warn(run)
    for (const edited of look.edited) await this.#files.takeOver(run, edited)
  }
}

/** So many of the campaigns that are over are looked at when a hub starts. */
const overMax = 50

/** Of each session file the campaign that wrote it last; of those that are over the newest. */
function newestOfFiles(runs: Iterable<Run>): Run[] {
  const newestFirst = [...runs].filter(({ campaign }) => campaign?.record === true).toSorted((a, b) => b.startedAt - a.startedAt)
  const over = newestFirst.filter(({ status }) => status.name === "settled")
  const kept = new Set(over.filter((run) => newestFirst.find((other) => sharesFile(other, run)) === run).slice(0, overMax))
  return newestFirst.filter((run) => run.status.name !== "settled" || kept.has(run))
}

/**
 * Dead instances are looked for after a wave and before the next one: the latest moment is when what a wave proved is about to land. Who got no workspace
 * may have been kept out by a claim that nobody had seen.
 */
const isBoundary = ({ type }: Event): boolean => ["wave.started", "wave.gap", "wave.ended", "landing.queued"].includes(type)

/** Momentum is made of all that is there: once after many is enough. */
function once(writes: readonly PlanningWrite[]): PlanningWrite[] {
  const others = writes.filter(({ kind }) => kind !== "momentum")
  return others.length === writes.length ? others : [...others, { kind: "momentum" }]
}
