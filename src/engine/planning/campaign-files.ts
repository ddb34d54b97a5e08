/**
 * The files of campaigns, as the state has them: written anew when they are behind, and what people edited there taken over first. What stands in a
 * file and in no state is kept as it stands there.
 */
import { FaultError } from "../../domain/fault.ts"
import type { RunId } from "../../domain/ids.ts"
import { campaignFilesOf } from "../../domain/planning/campaign-file.ts"
import { editsOf } from "../../domain/planning/queue-edits.ts"
import { keepsNothing, sessionFileOf, type FileKeeps } from "../../domain/planning/session-file-of.ts"
import { parseSessionFile } from "../../domain/planning/session-file-parse.ts"
import { renderSessionFile } from "../../domain/planning/session-file-render.ts"
import type { SessionFile } from "../../domain/planning/session-file.ts"
import { isSuccess } from "../../domain/planning/status-meaning.ts"
import type { Campaign } from "../../domain/run/campaign.ts"
import type { Run } from "../../domain/run/run.ts"
import type { EditedFile, PlanningWrite, Recorded } from "../../protocol/planning/record.ts"
import type { Clock } from "../../runtime/clock.ts"
import type { Hub } from "../hub.ts"
import { coordinationOf } from "./coordination.ts"
import { refusedRows, takeEdits } from "./edits.ts"
import { keepsOf } from "./keeps.ts"

export interface CampaignFilesParts {
  readonly hub: Hub
  readonly clock: Clock
  readonly complain: (error: unknown) => void
}

/** A repository that is gone must not hold up the others' files. */
const failuresMax = 5
const refusedMax = 20

export class CampaignFiles {
  readonly #parts: CampaignFilesParts
  /** Runs whose files are behind the state. */
  readonly stale = new Set<RunId>()
  readonly #keeps = new Map<RunId, FileKeeps>()
  readonly #written = new Map<RunId, string>()
  readonly #failed = new Map<RunId, number>()
  /** Texts of the files of campaigns, by their names. */
  readonly #campaigns = new Map<string, string>()

  constructor(parts: CampaignFilesParts) {
    this.#parts = parts
  }

  /** Texts of the session files of a repository, as long as many are looked at. */
  readonly #read = new Map<string, Promise<readonly Pick<EditedFile, "slug" | "found">[]>>()

  forgetRead(): void {
    this.#read.clear()
  }

  /** The session file of a campaign that is over: written anew where it is gone, behind, or cannot be read. What a person made of it waits there for `fleet continue`. */
  async mend(id: RunId): Promise<void> {
    const run = this.#parts.hub.state.runs.get(id)
    if (run?.campaign == null) return
    const files = this.#read.get(run.repository) ?? this.#sessionFiles(run)
    this.#read.set(run.repository, files)
    const found = (await files).find(({ slug }) => slug === run.campaign?.slug)?.found
    const file = found === undefined ? null : parseSessionFile(found).file
    const text = renderSessionFile(sessionFileOf(this.#parts.hub.state, run, run.campaign, keepsIn(run, file)))
    const over = file === null ? (found ?? null) : null
    if (text !== found) await this.record(id, [{ kind: "session-file", slug: run.campaign.slug, text, over }])
  }

  /** The session file and who works where, as the state has it now. */
  async write(id: RunId): Promise<void> {
    const { hub, clock } = this.#parts
    const run = hub.state.runs.get(id)
    // A campaign that went on from its file is another run: what stands there is its own now.
    const last = [...hub.state.runs.values()].every((other) => run === undefined || !sharesFile(other, run) || other.startedAt <= run.startedAt)
    if (run?.campaign != null && last) {
      const keeps = await this.#keepsOf(run)
      const text = renderSessionFile(sessionFileOf(hub.state, run, run.campaign, keeps))
      const session = this.#written.get(id) === text ? [] : [{ kind: "session-file", slug: run.campaign.slug, text, over: null } as const]
      const campaigns = this.#changedCampaigns(run, run.campaign)
      const recorded = await this.record(id, [...session, ...campaigns, coordinationOf(hub.state, run, clock.now())])
      this.#written.set(id, text)
      for (const { name, text: written } of campaigns) this.#campaigns.set(name, written)
      for (const edited of recorded.edited) await this.takeOver(run, edited)
    }
    this.stale.delete(id)
  }

  #changedCampaigns(run: Run, campaign: Campaign) {
    return campaignFilesOf(this.#parts.hub.state, run, campaign)
      .filter(({ name, text }) => this.#campaigns.get(name) !== text)
      .map((file) => ({ kind: "campaign", slug: campaign.slug, ...file }) as const)
  }

  async warn(run: Run): Promise<void> {
    const { orphanWarnings } = this.#parts.hub
    const warnings = orphanWarnings.get(run.commonDirectory)
    if (warnings === undefined) return
    const keeps = await this.#keepsOf(run)
    orphanWarnings.delete(run.commonDirectory)
    this.#keeps.set(run.id, { ...keeps, warnings: [...new Set([...keeps.warnings, ...warnings])] })
    this.stale.add(run.id)
  }

  /** Somebody edited the file: what can be taken is done, what cannot is said in the file, and then it is written as things are. */
  async takeOver(run: Run, { written, found, slug }: EditedFile): Promise<void> {
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
    const lost = now === null ? [] : refusedRows(hub, run, now)
    this.#keeps.set(run.id, { ...kept, kept: [...new Set([...kept.kept, ...lost])], refusedEdits: [...kept.refusedEdits, ...refused].slice(-refusedMax) })
    const current = hub.state.runs.get(run.id)
    if (current === undefined) return
    const text = renderSessionFile(sessionFileOf(hub.state, current, campaign, this.#keeps.get(run.id) ?? keeps))
    await this.record(run.id, [{ kind: "session-file", slug, text, over: found }])
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
    const found = (await this.#sessionFiles(run)).find(({ slug }) => slug === run.campaign?.slug)?.found
    const file = found === undefined ? null : parseSessionFile(found).file
    const keeps = keepsIn(run, file)
    this.#keeps.set(run.id, keeps)
    return keeps
  }

  async #sessionFiles({ repository }: Run): Promise<readonly Pick<EditedFile, "slug" | "found">[]> {
    const answer = await this.#parts.hub.workers.ask(this.#worker(), { ask: "session-files", repository })
    return answer.ask === "session-files" ? answer.files : []
  }

  async record(id: RunId, writes: readonly PlanningWrite[]): Promise<Recorded> {
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
      this.stale.add(id)
    }
    return answer.recorded
  }

  /** Tried again a few times; then its files are given up, and that is said. */
  #failing(id: RunId, error: unknown): never {
    if (!isAway(error)) this.#failed.set(id, (this.#failed.get(id) ?? 0) + 1)
    throw error
  }

  /** What earlier campaigns could not propagate is tried again when a new one begins (C.1.47). */
  async retryPropagation(id: RunId): Promise<void> {
    const { hub } = this.#parts
    const run = hub.state.runs.get(id)
    if (run?.campaign?.record !== true) return
    const files = await this.#sessionFiles(run)
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
      this.stale.add(other.id)
    }
  }

  #worker() {
    const worker = [...this.#parts.hub.state.workers.values()].find(({ status }) => status.name === "connected")
    if (worker === undefined)
      throw new FaultError({ code: "worker.away", what: "nothing can be recorded", why: "no worker is connected", fix: "it goes on when one is" })
    return worker.id
  }
}

const nothing: Recorded = { edited: [], pending: [], notices: [] }

const keepsIn = (run: Run, file: SessionFile | null): FileKeeps =>
  file === null ? keepsNothing : { ...keepsNothing, ...keepsOf(file, keepsNothing), ...beforeThis(run, file) }

/** What stands there of waves before this run began: it was continued from the file. */
function beforeThis({ campaign, waves, startedAt }: Run, file: SessionFile): Partial<FileKeeps> {
  const last = campaign?.wavesBefore ?? 0
  const own = new Set(waves.map(({ number }) => number))
  const continued = last > 0 && Date.parse(file.started) < startedAt
  const complete = new Map(file.queue.filter(({ status }) => isSuccess(status)).map((row) => [row.number, row] as const))
  return { complete, wavesBefore: file.waves.filter(({ number }) => number <= last && !own.has(number)), sharedBefore: continued ? file.shared : [] }
}

/** The one goes on from the session file of the other. */
export const sharesFile = (a: Run, b: Run): boolean => a.campaign?.slug === b.campaign?.slug && a.commonDirectory === b.commonDirectory

/** Nothing is wrong with the files: no worker is there to write them. */
export const isAway = (error: unknown): boolean => error instanceof FaultError && error.fault.code.startsWith("worker.")
