/** Which session file a campaign goes on from: the one that is named, or the newest of which something is left. */
import { fault, FaultError, type Fault } from "../domain/fault.ts"
import { parseSessionFile } from "../domain/session-file/parse.ts"
import { isSuccess, statusMeaning } from "../domain/session-file/status-meaning.ts"
import type { ContinueCampaign } from "../protocol/api/schemas/continue-campaign.ts"
import type { Hub } from "./hub.ts"
import { workerWaitMs } from "./submission.ts"

export interface ChosenSession {
  /** Null: only its text was handed in. */
  readonly slug: string | null
  readonly text: string
  /** Slugs of the others that could go on, the newest first; none where one was named. */
  readonly others: readonly string[]
}

/** Rejects with a `FaultError` (`no-session-file`). */
export async function chooseSession(hub: Hub, repository: string, of: ContinueCampaign): Promise<ChosenSession> {
  if (of.file !== null) return { slug: of.slug, text: of.file, others: [] }
  const answer = await hub.workers.ask(await hub.anyWorker(workerWaitMs), { ask: "session-files", repository })
  if (answer.ask !== "session-files") throw new Error(`asked for session files, answered ${answer.ask}`)
  if (of.slug === null) return newestOf(answer.files)
  const named = answer.files.find(({ slug }) => slug === of.slug)
  if (named === undefined) throw new FaultError(noFile(of.slug, answer.files.length))
  return { slug: named.slug, text: named.found, others: [] }
}

interface Found {
  readonly slug: string
  readonly found: string
}

/**
 * By when the campaigns began: after a checkout all files are equally new. One that cannot be read is taken all the same: better to say what is wrong
 * with it than to go on from an older one. Where nothing but directions without a plan are left, the newest of them is planned anew.
 */
export function newestOf(files: readonly Found[]): ChosenSession {
  const looked = files.map(({ slug, found }) => ({ slug, text: found, ...lookedAt(found) })).toSorted((a, b) => b.began - a.began)
  const open = looked.filter(({ left }) => left !== "nothing")
  const chosen = open.find(({ left }) => left !== "direction") ?? open[0]
  if (chosen === undefined) throw new FaultError(noFile(null, files.length))
  const others = open.filter(({ slug, left }) => slug !== chosen.slug && left !== "unreadable").map(({ slug }) => slug)
  return { slug: chosen.slug, text: chosen.text, others }
}

interface Looked {
  /** Milliseconds. What does not say so is last, or first where nothing else can be read of it either. */
  readonly began: number
  readonly left: "rows" | "direction" | "unreadable" | "nothing"
}

function lookedAt(text: string): Looked {
  const { file, faults } = parseSessionFile(text)
  const began = Date.parse(file?.started ?? /^Started:\s*(\S+)/m.exec(text)?.[1] ?? "")
  if (file === null) return { began: Number.isNaN(began) ? Infinity : began, left: "unreadable" }
  const at = { began: Number.isNaN(began) ? -Infinity : began }
  if (file.comparison !== null) return { ...at, left: "nothing" }
  // What somebody has added to the queue since, or set back.
  if (file.queue.some(({ status }) => statusMeaning(status) === "runnable")) return { ...at, left: "rows" }
  if (file.status === "completed") return { ...at, left: "nothing" }
  if (file.queue.some(({ status }) => !isSuccess(status) && statusMeaning(status) !== "skipped")) return { ...at, left: "rows" }
  if (faults.some(({ code }) => code === "row-unreadable")) return { ...at, left: "unreadable" }
  return { ...at, left: file.queue.length === 0 && file.direction !== "" ? "direction" : "nothing" }
}

const namedMax = 5

/** What a fault of the newest file says of the others. */
export function orAnother(others: readonly string[]): string {
  if (others.length === 0) return ""
  const named = others.slice(0, namedMax).map((slug) => `fleet continue ${slug}`)
  return `; or go on with another: ${named.join(", ")}${others.length > namedMax ? `, and ${others.length - namedMax} more in .planning/fleet` : ""}`
}

const noFile = (slug: string | null, files: number): Fault =>
  fault(
    "no-session-file",
    slug === null ? "there is no campaign to go on with" : `there is no session file of ${slug}`,
    files === 0
      ? "the repository has no .planning/fleet/session-*.md"
      : slug === null
        ? "of no session file in .planning/fleet is anything left to do"
        : "it is not in .planning/fleet",
    'start one: fleet run "what you want"',
  )
