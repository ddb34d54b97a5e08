/**
 * The files of campaigns, as the state has them: written anew when they are behind, and what people edited there taken over first. What stands in a
 * file and in no state is kept as it stands there.
 */
import type { Fault } from "../../domain/fault.ts"
import type { RunId } from "../../domain/ids.ts"
import { campaignFilesOf } from "../../domain/planning/campaign-file.ts"
import { editsOf } from "../../domain/session-file/queue-edits.ts"
import { flat } from "../../domain/session-file/line-text.ts"
import { textCharsMax } from "../../domain/session-file/flatten.ts"
import { keepsNothing, sessionFileOf, sharedOf, type FileKeeps } from "../../domain/session-file/of-run.ts"
import { parseSessionFile } from "../../domain/session-file/parse.ts"
import { renderSessionFile } from "../../domain/session-file/render.ts"
import type { SessionFile } from "../../domain/session-file/session-file.ts"
import { isSuccess } from "../../domain/session-file/status-meaning.ts"
import type { State } from "../../domain/project/state.ts"
import type { Campaign } from "../../domain/run/campaign.ts"
import type { Run } from "../../domain/run/run.ts"
import type { EditedFile, PlanningWrite, Recorded } from "../../protocol/planning/record.ts"
import { goesOnFrom } from "./continued.ts"
import { coordinationOf } from "./coordination.ts"
import { refusedRows, takeEdits } from "./edits.ts"
import { keepsOf } from "./keeps.ts"
import { PlanningWriter, type WriterParts } from "./writer.ts"

const refusedMax = 20

/** What is known of a campaign's files: none of it is state, all of it can be read or made anew. */
interface Known {
  keeps: FileKeeps | null
  /** As they were written last: the session file, who works where, and the files under `.planning/campaigns/` by their names. */
  text: string | null
  coordination: string | null
  readonly campaigns: Map<string, string>
  /** What a person made of the session file and is taken over, though the file could not be written yet; and whether a copy of that is to stay. */
  taken: { readonly found: string; readonly keep: boolean } | null
}

export class CampaignFiles {
  readonly #parts: WriterParts
  readonly #writer: PlanningWriter
  /** Runs whose files are behind the state. */
  readonly stale = new Set<RunId>()
  readonly #known = new Map<RunId, Known>()
  /** Texts of the session files of a repository, as long as many are looked at. */
  readonly #read = new Map<string, Promise<readonly Pick<EditedFile, "slug" | "found">[]>>()

  constructor(parts: WriterParts) {
    this.#parts = parts
    this.#writer = new PlanningWriter(parts)
  }

  /** Of runs that are in the state no more nothing is kept. */
  forget(): void {
    this.#read.clear()
    for (const id of this.#known.keys()) {
      if (this.#parts.hub.state.runs.has(id)) continue
      this.#known.delete(id)
      this.#writer.forget(id)
    }
  }

  /** The session file of a campaign that is over: written anew where it is gone, behind, or cannot be read. What a person made of it waits there for `fleet continue`. */
  async mend(id: RunId): Promise<void> {
    const run = this.#parts.hub.state.runs.get(id)
    if (run?.campaign == null) return
    const files = this.#read.get(run.repository) ?? this.#writer.sessionFiles(run)
    this.#read.set(run.repository, files)
    const found = (await files).find(({ slug }) => slug === run.campaign?.slug)?.found
    const file = found === undefined ? null : parseSessionFile(found).file
    const text = renderSessionFile(sessionFileOf(this.#parts.hub.state, run, run.campaign, this.#keepsIn(run, file)))
    const over = file === null ? (found ?? null) : null
    if (text !== found) await this.record(id, [{ kind: "session-file", slug: run.campaign.slug, text, over, keep: false }])
  }

  /** The session file and who works where, as the state has it now. Left for later while the place cannot be written. */
  async write(id: RunId): Promise<void> {
    const { hub, clock } = this.#parts
    const run = hub.state.runs.get(id)
    // A campaign that went on from its file is another run: what stands there is its own now.
    const last = [...hub.state.runs.values()].every((other) => run === undefined || !sharesFile(other, run) || other.startedAt <= run.startedAt)
    if (run?.campaign != null && last) {
      const known = this.#of(id)
      const text = renderSessionFile(sessionFileOf(hub.state, run, run.campaign, await this.#keepsOf(run)))
      const session = known.text === text ? [] : [{ kind: "session-file", slug: run.campaign.slug, text, over: null, keep: false } as const]
      const campaigns = this.#changedCampaigns(run, run.campaign)
      const working = coordinationOf(hub.state, run, clock.now())
      const coordination = JSON.stringify(working)
      const recorded = await this.record(id, [...session, ...campaigns, ...(known.coordination === coordination ? [] : [working])])
      if (recorded === null) return
      // Over an edit nothing was written: it is taken first.
      Object.assign(known, recorded.edited.length > 0 ? { coordination } : { text, coordination })
      for (const { name, text: written } of campaigns) known.campaigns.set(name, written)
      for (const edited of recorded.edited) await this.takeOver(run, edited)
    }
    this.stale.delete(id)
  }

  #changedCampaigns(run: Run, campaign: Campaign) {
    const { campaigns } = this.#of(run.id)
    return campaignFilesOf(this.#parts.hub.state, run, campaign)
      .filter(({ name, text }) => campaigns.get(name) !== text)
      .map((file) => ({ kind: "campaign", slug: campaign.slug, ...file }) as const)
  }

  async warn(run: Run): Promise<void> {
    const { orphanWarnings } = this.#parts.hub
    const warnings = orphanWarnings.get(run.commonDirectory)
    if (warnings === undefined) return
    const keeps = await this.#keepsOf(run)
    orphanWarnings.delete(run.commonDirectory)
    this.#of(run.id).keeps = { ...keeps, warnings: [...new Set([...keeps.warnings, ...warnings])] }
    this.stale.add(run.id)
  }

  /** Somebody edited the file: what can be taken is done, what cannot is said in the file, and then it is written as things are. Nothing is taken while it cannot be written. */
  async takeOver(run: Run, edited: EditedFile): Promise<void> {
    const { hub } = this.#parts
    const { found, slug } = edited
    if (run.campaign === null || this.#writer.rests(run.id)) return
    const known = this.#of(run.id)
    const isTaken = goesOnFrom(run.campaign, found) ? { found, keep: false } : known.taken
    const taken = isTaken?.found === found ? isTaken : await this.#take(run, edited)
    known.taken = taken
    const current = hub.state.runs.get(run.id)
    if (current === undefined) return
    const text = renderSessionFile(sessionFileOf(hub.state, current, run.campaign, await this.#keepsOf(run)))
    const recorded = await this.record(run.id, [{ kind: "session-file", slug, text, over: found, keep: taken.keep }])
    if (recorded === null) return
    Object.assign(known, { text, taken: null })
    // Saved once more meanwhile.
    for (const again of recorded.edited) await this.takeOver(run, again)
  }

  async #take(run: Run, { written, found }: EditedFile): Promise<NonNullable<Known["taken"]>> {
    const keeps = await this.#keepsOf(run)
    const { file: now, cut, faults } = parseSessionFile(found)
    if (now === null) {
      this.#of(run.id).keeps = withRefused(keeps, ["the file could not be read as a session file: it is written anew, and what stood there is kept beside it"])
      return { found, keep: false }
    }
    const before = written === null ? null : parseSessionFile(written)
    const known = new Set(before?.faults.map(said))
    const unread = faults.filter((one) => one.severity === "error" && !known.has(said(one))).map(said)
    // Nothing of ours is known to have been there: nothing can be told apart.
    const refused = before?.file == null ? [] : await takeEdits(this.#parts.hub, run, editsOf(before.file, now), now)
    const keep = cut || refused.length + unread.length > 0
    const kept = { ...keeps, ...keepsOf(now, keeps) }
    const lost = refusedRows(this.#parts.hub, run, now)
    this.#of(run.id).keeps = withRefused(
      { ...kept, kept: [...new Set([...kept.kept, ...lost])] },
      keep ? [...unread, ...refused, "the file as it was edited is kept beside this one, with `edited` in its name"] : [],
    )
    return { found, keep }
  }

  #of(id: RunId): Known {
    const known = this.#known.get(id) ?? { keeps: null, text: null, coordination: null, campaigns: new Map<string, string>(), taken: null }
    this.#known.set(id, known)
    return known
  }

  /** What is in a file and in no state: read from the file, once. */
  async #keepsOf(run: Run): Promise<FileKeeps> {
    const known = this.#of(run.id)
    if (known.keeps !== null) return known.keeps
    const found = (await this.#writer.sessionFiles(run)).find(({ slug }) => slug === run.campaign?.slug)?.found
    const keeps = this.#keepsIn(run, found === undefined ? null : parseSessionFile(found).file)
    known.keeps = keeps
    return keeps
  }

  /** Where the file is gone, or nobody can read it: as the run before had it. */
  #keepsIn(run: Run, file: SessionFile | null): FileKeeps {
    const { state } = this.#parts.hub
    const before = file ?? this.#asBefore(run)
    return before === null ? keepsNothing : { ...keepsNothing, ...(file === null ? {} : keepsOf(file, keepsNothing)), ...beforeThis(state, run, before) }
  }

  #asBefore(run: Run): SessionFile | null {
    const { state } = this.#parts.hub
    const earlier = [...state.runs.values()].filter((other) => sharesFile(other, run) && other.startedAt < run.startedAt)
    const last = earlier.toSorted((a, b) => a.startedAt - b.startedAt).at(-1)
    return last?.campaign == null ? null : sessionFileOf(state, last, last.campaign, this.#keepsIn(last, null))
  }

  /** Null: not now, the place cannot be written. */
  async record(id: RunId, writes: readonly PlanningWrite[]): Promise<Recorded | null> {
    const run = this.#parts.hub.state.runs.get(id)
    if (run === undefined || writes.length === 0) return nothing
    const recorded = await this.#writer.record(run, writes)
    const pending = (recorded?.pending ?? []).map(({ slug }) => slug)
    if (pending.length > 0) {
      const keeps = await this.#keepsOf(run)
      this.#of(id).keeps = { ...keeps, pendingPropagation: [...new Set([...keeps.pendingPropagation, ...pending])] }
      this.stale.add(id)
    }
    return recorded
  }

  /** What earlier campaigns could not propagate is tried again when a new one begins (C.1.47). */
  async retryPropagation(id: RunId): Promise<void> {
    const { hub } = this.#parts
    const run = hub.state.runs.get(id)
    if (run?.campaign?.record !== true) return
    const files = await this.#writer.sessionFiles(run)
    const slugs = new Set(files.flatMap(({ found }) => parseSessionFile(found).file?.pendingPropagation ?? []))
    if (slugs.size === 0) return
    const recorded = await this.#writer.record(
      run,
      [...slugs].map((slug) => ({ kind: "propagate", slug })),
    )
    const still = new Set(recorded === null ? slugs : recorded.pending.map(({ slug }) => slug))
    for (const other of hub.state.runs.values()) {
      if (other.commonDirectory !== run.commonDirectory || other.campaign?.record !== true) continue
      const keeps = await this.#keepsOf(other)
      const pendingPropagation = keeps.pendingPropagation.filter((slug) => still.has(slug))
      if (pendingPropagation.length === keeps.pendingPropagation.length) continue
      this.#of(other.id).keeps = { ...keeps, pendingPropagation }
      this.stale.add(other.id)
    }
  }
}

const nothing: Recorded = { edited: [], pending: [], notices: [] }

const said = ({ what, why, fix }: Fault): string => `${what}: ${why}. ${fix}`

const withRefused = (keeps: FileKeeps, refused: readonly string[]): FileKeeps => ({
  ...keeps,
  refusedEdits: [...new Set([...keeps.refusedEdits, ...refused])].slice(-refusedMax),
})

/** What stands there of the campaign before this run began: it was continued from the file. */
function beforeThis(state: State, run: Run, file: SessionFile): Partial<FileKeeps> {
  const last = run.campaign?.wavesBefore ?? 0
  const continued = last > 0 || run.campaign?.continued != null
  const own = new Set(sharedOf(state, run).map((text) => flat(text, textCharsMax)))
  return {
    complete: new Map(file.queue.filter(({ status }) => isSuccess(status)).map((row) => [row.number, row] as const)),
    wavesBefore: file.waves.filter(({ number }) => number <= last),
    sharedBefore: continued ? file.shared.filter((text) => !own.has(text)) : [],
  }
}

/** The one goes on from the session file of the other. */
export const sharesFile = (a: Run, b: Run): boolean => a.campaign?.slug === b.campaign?.slug && a.commonDirectory === b.commonDirectory
