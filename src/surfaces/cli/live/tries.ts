/** Which try of a task it is. Repairs and resumptions are attempts beyond those that retries allow, so of them no number of tries is told. */
import type { TaskView } from "../../../protocol/views.ts"

/** `attempt 2/3`, `repair 4` or `attempt 5`; empty for the first. */
export function tryText({ attempt, attemptsMax, attempts }: TaskView): string {
  if (attempt < 2) return ""
  if (attempts.at(-1)?.reason === "repair") return `repair ${attempts.filter(({ reason }) => reason === "repair").length}`
  const counted = attempts.every(({ reason }) => reason === "first" || reason === "retry")
  return counted ? `attempt ${attempt}/${attemptsMax}` : `attempt ${attempt}`
}
