/** The HANDOFF block that ends a campaign, from what the hub shows of it (C.1.134). */
import { parseHandoff, type Handoff } from "../../domain/handoff/handoff.ts"
import { partsOf } from "../../domain/handoff/parts.ts"
import { exitHandoff } from "../../domain/planning/exit-handoff.ts"
import type { DiscoveryView, RunView, TaskView } from "../../protocol/views.ts"
import { line } from "./bounds.ts"

/** Null while it has not ended, and of a run that is no campaign. `found`: discoveries, of this run and of others. */
export function campaignExit(run: RunView, found: readonly DiscoveryView[]): string | null {
  const { campaign, waves, tasks } = run
  if (campaign === null || run.endedAt === null) return null
  const worked = tasks.filter((task) => task.attempts.length > 0 && !isPlanner(task))
  const repaired = worked.filter(({ attempts }) => attempts.some(({ reason }) => reason === "repair"))
  return exitHandoff({
    name: campaign.slug,
    // Quick and speculative ones are one wave, of which nobody keeps count.
    waves: waves.length > 0 ? waves.filter(({ open }) => !open).length : Number(worked.some(({ status }) => status === "done")),
    agents: worked.length,
    built: few(tasks.filter(({ landed }) => landed !== null).map(built)),
    discoveries: few(discoveries(run, found)),
    mergeConflicts: {
      count: repaired.length,
      resolutions: few(repaired.map(({ key, status }) => `${key} ${status === "done" ? "was resolved by its author" : "did not land"}`)),
    },
    next: few(tasks.filter(({ status }) => status !== "done" && status !== "archived").map(({ key, reason }) => `${key}: ${reason}`)),
    colour: campaign.gate?.colour ?? "green",
  })
}

/** Its work is a plan, of which nothing lands. A view does not say which task that is; no planned task may have its key. */
const isPlanner = ({ key, status, landed }: TaskView): boolean => key === "plan" && status === "done" && landed === null

const built = (task: TaskView): string => partsOf(saidBy(task)).built.join(", ") || task.title

/** What the agents called a discovery, and what they reported while they worked. All else that a handoff holds is reported too, and stands elsewhere. */
function discoveries({ id, tasks }: RunView, found: readonly DiscoveryView[]): string[] {
  const handoffs = tasks.map(saidBy)
  const handedOver = new Set(handoffs.flatMap((said) => said?.items ?? []).map(flat))
  const reported = found.filter(({ task, text }) => task?.startsWith(`${id}/`) === true && !handedOver.has(flat(text)))
  return [...new Set([...handoffs.flatMap((said) => partsOf(said).discoveries), ...reported.map(({ text }) => text)])]
}

const saidBy = ({ proof }: TaskView): Handoff | null => (proof?.handoff == null ? null : parseHandoff(`---HANDOFF---\n${proof.handoff}\n---`))
const flat = (text: string): string => line(text, 2_000).trim()

const listMax = 10

/** The block is a part of an answer, and must leave room for the rest. */
function few(texts: readonly string[]): string[] {
  const shown = texts.slice(0, listMax).map((one) => line(one, 120))
  return texts.length > listMax ? [...shown, `and ${texts.length - listMax} more`] : shown
}
