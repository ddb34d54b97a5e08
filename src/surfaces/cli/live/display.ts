/** What a way of showing a run is told while the run is followed. There are four: tty, plain, json, quiet. */
import type { ApprovalView, EventView, RunView } from "../../../protocol/views.ts"

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

/** What every command takes: `<run>/<key>`, or the session that asks without a task. */
export function askerOf({ run, task, session }: ApprovalView): string {
  return task === null ? (session ?? "") : `${run ?? ""}/${task}`
}
