/** What a way of showing a run is told while the run is followed. There are four: tty, plain, json, quiet. */
import type { ApprovalView, EventView, RunView } from "../../../protocol/views.ts"
import { oneLine } from "../text.ts"

export type ProgressMode = "tty" | "plain" | "json" | "quiet"
export const progressModes = ["auto", "tty", "plain", "json", "quiet"] as const

export interface Display {
  /** The run as it is now: first at once, then on each change. */
  run(view: RunView): void
  milestone(event: EventView): void
  /** Something about the following itself: the hub is away, a key was pressed. */
  notice(text: string): void
  /** Gives the terminal back. Called once, before the closing words. */
  end(): void
}

/** What a person who sits there can do with keys. */
export interface Controls {
  answer(approval: ApprovalView, allow: boolean): void
  interrupt(): void
  /** What Ctrl-C does, in a word or two. */
  readonly leaving: string
}

export function openApprovals(run: RunView): readonly ApprovalView[] {
  return run.approvals.filter((approval) => approval.answer === null)
}

/** What every command takes: `<run>/<key>`, the run that asks as a whole, or the session that asks without a task. */
export function askerOf({ run, task, session }: ApprovalView): string {
  return task === null ? (session ?? run ?? "") : `${run ?? ""}/${task}`
}

/** Who asks, where the run is known: the task, or the run itself. */
export const askerIn = ({ run, task, session }: ApprovalView): string => oneLine(task ?? session ?? run ?? "")

/** The commands that answer it, the one that says yes first. */
export function answersOf({ id, kind, run }: Pick<ApprovalView, "id" | "kind" | "run">): string[] {
  if (kind !== "pick") return [`fleet approve ${id}`, `fleet deny ${id}`]
  const of = run === null ? "" : ` --run ${run}`
  return [`fleet pick <strategy>${of}`, `fleet pick --none${of}`]
}

/** The same, with each strategy by its name. */
export function choicesOf(approval: ApprovalView): string[] {
  const [first = "", none = ""] = answersOf(approval)
  return approval.kind === "pick" ? [...approval.holds.map((key) => first.replace("<strategy>", () => oneLine(key))), none] : answersOf(approval)
}
