/** `/api/sessions/:id/diffs`: what a session changed, by git: since it began, or in the turn that a message belongs to. */
import type { Hono } from "hono"
import { fault, FaultError } from "../../../domain/fault.ts"
import { id } from "../../../domain/ids.ts"
import type { Hub } from "../../../engine/hub.ts"
import type { SessionView } from "../../../protocol/session-views.ts"
import type { FileDiff } from "../../../protocol/worker.ts"
import { mustBeThere } from "../diff.ts"
import { badInput } from "./answers.ts"
import { positionOf } from "./conversation.ts"
import { findView } from "./find.ts"
import { readMessages } from "./messages.ts"
import type { WeaveParts } from "./parts.ts"

export interface DiffItem {
  readonly file: string
  readonly before: string
  readonly after: string
  readonly additions: number
  readonly deletions: number
  readonly status: "added" | "deleted" | "modified"
}

interface Range {
  readonly from: string
  /** Null: what is there now. */
  readonly to: string | null
}

export function diffRoutes(app: Hono, { hub }: WeaveParts): void {
  app.get("/sessions/:id/diffs", async (context) => {
    const view = findView(hub, context.req.param("id"))
    mustBeThere(view)
    const message = context.req.query("messageID")
    const { from, to } = message === undefined || message === "" ? { from: baseOf(view), to: null } : await rangeOf(hub, view, message)
    const answer = await hub.workers.ask(id(view.worker), { ask: "diffs", workspace: id(view.workspace), from, to })
    if (answer.ask !== "diffs") throw new Error(`asked for diffs, answered ${answer.ask}`)
    // Too much to be sent whole: the texts of some files are empty, or some files are missing.
    if (answer.cut) context.header("x-diffs-cut", "true")
    return context.json(answer.diffs.flatMap(itemsOf))
  })
}

function baseOf(view: SessionView): string {
  if (view.base !== null) return view.base
  const [why, fix] =
    view.directory === null
      ? ["its checkout is not there yet", "ask again when it is"]
      : [`${view.directory} had no commit when the session began`, "make the directory a git repository with a first commit, and start another session"]
  throw new FaultError(fault("no-base", `nobody can say what session ${view.id} changed`, why, fix))
}

/** A rename is a file that went and one that came. */
function itemsOf({ path, status, from, before, after, additions, deletions }: FileDiff): DiffItem[] {
  if (status !== "renamed" || from === null)
    return [
      {
        file: path,
        before: before ?? "",
        after: after ?? "",
        additions: additions ?? 0,
        deletions: deletions ?? 0,
        status: status === "renamed" ? "added" : status,
      },
    ]
  return [
    { file: from, before: before ?? "", after: "", additions: 0, deletions: linesOf(before), status: "deleted" },
    { file: path, before: "", after: after ?? "", additions: linesOf(after), deletions: 0, status: "added" },
  ]
}

function linesOf(text: string | null): number {
  if (text === null || text === "") return 0
  return text.split("\n").length - (text.endsWith("\n") ? 1 : 0)
}

interface Surveyed {
  readonly at: number
  readonly tree: string | null
}

/** A message belongs to the turn after which Fleet looked first; what was there when it looked before is what it is compared with. */
async function rangeOf(hub: Hub, view: SessionView, message: string): Promise<Range> {
  const position = positionOf(message)
  if (position === null)
    throw badInput("messageID is not usable", `${JSON.stringify(message.slice(0, 100))} is no id of a message here`, "take one from /messages")
  const { messages } = await readMessages(hub, view, { after: position - 1, before: position + 1, count: 1 })
  const [found] = messages
  if (found === undefined) throw new FaultError(fault("not-found", `there is no message ${message}`, "the conversation is shorter", "take one from /messages"))
  const looks = await surveysOf(hub, view)
  const at = looks.findIndex((look) => look.at >= found.info.time.created)
  const [before, after] = at === -1 ? [looks.at(-1), undefined] : [looks[at - 1], looks[at]]
  const from = before === undefined ? baseOf(view) : before.tree
  const to = after === undefined ? null : after.tree
  if (from !== null && (after === undefined || to !== null)) return { from, to }
  throw new FaultError(
    fault("not-found", `what the turn of ${message} changed is not known`, "Fleet could not look at that time", "ask without messageID for all changes"),
  )
}

const pageEvents = 1_000
const pagesMax = 500

/** When Fleet looked at its checkout after a turn, oldest first. */
async function surveysOf(hub: Hub, view: SessionView): Promise<Surveyed[]> {
  const looks: Surveyed[] = []
  let after = 0
  for (let page = 0; page < pagesMax; page++) {
    const stored = await hub.history(after, pageEvents)
    for (const { at, event } of stored) if (event.type === "session.surveyed" && event.session === view.id) looks.push({ at, tree: event.survey?.tree ?? null })
    after = stored.at(-1)?.number ?? after
    if (stored.length < pageEvents) return looks
  }
  throw new FaultError(fault("not-found", "what that turn changed cannot be found", "too much has happened since", "ask without messageID for all changes"))
}
