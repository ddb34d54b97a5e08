/** The states of a task as a person sees them: sign, word, tone, and how much attention each deserves. */
import type { TaskStatusName, TaskView } from "../../../protocol/views.ts"
import type { Signs, Tone } from "../style.ts"

interface StateLook {
  readonly sign: keyof Signs
  readonly word: string
  readonly tone: Tone
  /** Lower comes first. */
  readonly attention: number
}

const looks: Readonly<Record<TaskStatusName, StateLook>> = {
  "needs-you": { sign: "needsYou", word: "needs you", tone: "yellow", attention: 0 },
  failed: { sign: "failed", word: "failed", tone: "red", attention: 1 },
  unknown: { sign: "unknown", word: "unknown", tone: "yellow", attention: 2 },
  working: { sign: "working", word: "working", tone: "blue", attention: 3 },
  verifying: { sign: "verifying", word: "verifying", tone: "cyan", attention: 4 },
  proved: { sign: "landing", word: "proved", tone: "cyan", attention: 5 },
  landing: { sign: "landing", word: "landing", tone: "magenta", attention: 5 },
  starting: { sign: "starting", word: "starting", tone: "blue", attention: 6 },
  queued: { sign: "queued", word: "queued", tone: "dim", attention: 7 },
  archived: { sign: "cancelled", word: "archived", tone: "dim", attention: 8 },
  cancelled: { sign: "cancelled", word: "cancelled", tone: "dim", attention: 8 },
  done: { sign: "done", word: "done", tone: "green", attention: 9 },
}

export const lookOf = (status: TaskStatusName): StateLook => looks[status]

/** Whether something is done for the task right now. A task whose worker is away may be. */
export function isActive(status: TaskStatusName): boolean {
  return status === "starting" || status === "working" || status === "verifying" || status === "landing" || status === "unknown"
}

/** Most urgent first; among equals, as the plan has them. */
export function byAttention(tasks: readonly TaskView[]): TaskView[] {
  return tasks.toSorted((a, b) => looks[a.status].attention - looks[b.status].attention)
}
