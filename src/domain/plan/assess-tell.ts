/** Puts a decision about batches into words for the user: what runs in parallel and why, what waits for what and why. */
import type { AssessedBatch, AssessedTask, Assessment } from "./assessment.ts"

const batchesShown = 8
const tasksShown = 8

export function tellDecision({ orchestrate, why, batches }: Pick<Assessment, "orchestrate" | "why" | "batches">): string {
  const count = batches.reduce((sum, batch) => sum + batch.tasks.length, 0)
  if (count === 0) return "There are no tasks to look at."
  if (!orchestrate)
    return count === 1
      ? `I do ${nameOf(batches[0]?.tasks[0])} in this session: ${why}.`
      : `I do the ${count} tasks one after the other in this session: ${why}.`
  const sentences = batches.slice(0, batchesShown).map((batch, at) => batchSentence(batch, at))
  const left = batches.length - sentences.length
  return [`I compared what the ${count} tasks touch.`, ...sentences, ...(left > 0 ? [`${left} more batches follow.`] : [])].join(" ")
}

function batchSentence({ tasks }: AssessedBatch, at: number): string {
  const names = listed(tasks.map(nameOf))
  const start = at === 0 ? "First" : "Then"
  const run =
    tasks.length === 1
      ? `${start} ${names} runs alone`
      : `${start} ${names} run in parallel, each in a worktree of its own, because they touch different files in different directories`
  const waits = at === 0 ? [] : tasks.slice(0, tasksShown).map((task) => `${tasks.length === 1 ? "" : `${nameOf(task)} waits because `}${task.waits[0] ?? ""}`)
  if (waits.length === 0) return `${run}.`
  return `${run}${tasks.length === 1 ? ", because" : ";"} ${waits.join("; ")}.`
}

const nameOf = (task: AssessedTask | undefined): string => (task === undefined ? "nothing" : `"${task.title}"`)

function listed(names: readonly string[]): string {
  const shown = names.length > tasksShown ? [...names.slice(0, tasksShown - 1), `${names.length - tasksShown + 1} more`] : names
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`
}
