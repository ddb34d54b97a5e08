/** Notices what happens in the demo's run, and says afterwards what was seen: only what the hub reported, never what was planned. */
import type { RunView, TaskView } from "../../../protocol/views.ts"
import type { TranscriptEntry } from "../../../protocol/worker.ts"
import { clockTime, oneLine } from "../text.ts"
import { asksFor, parts } from "./plan.ts"

/** One thing that the demo shows. `text` says what happened, or what did not. */
export interface Sight {
  readonly name: "landed" | "parallel" | "serialised" | "permission" | "retried" | "repaired" | "timed-out"
  readonly seen: boolean
  readonly text: string
}

export class Sights {
  /** Why the one waited for the other, in the hub's words. */
  #serialised: { readonly task: string; readonly reason: string } | null = null
  #nobody = false

  nobodyAnswered(): void {
    this.#nobody = true
  }

  run(view: RunView): void {
    const waiting = view.tasks.find((task) => task.status === "queued" && isOneOf(parts.serialised, task.key) && task.reason.includes("both write"))
    if (waiting !== undefined) this.#serialised ??= { task: waiting.key, reason: oneLine(waiting.reason) }
  }

  /** `asked` is the transcript of the task that asks for a permission. */
  tell(run: RunView, asked: readonly TranscriptEntry[]): Sight[] {
    return [landed(run), parallel(run), this.#serialisation(run), permission(asked, this.#nobody), retried(run), repaired(run), timedOut(run)]
  }

  #serialisation(run: RunView): Sight {
    const apart = neverAtOnce(parts.serialised.map((key) => taskOf(run, key)))
    const said = this.#serialised
    if (said === null || !apart) return unseen("serialised", `${parts.serialised.join(" and ")} were not kept apart`)
    return { name: "serialised", seen: true, text: `${said.task} was ready, and held back: ${said.reason}` }
  }
}

const isOneOf = (names: readonly string[], name: string): boolean => names.includes(name)
const unseen = (name: Sight["name"], text: string): Sight => ({ name, seen: false, text })

function taskOf(run: RunView, key: string): TaskView | undefined {
  return run.tasks.find((task) => task.key === key)
}

function landed(run: RunView): Sight {
  const count = run.tasks.filter((task) => task.landed !== null).length
  return {
    name: "landed",
    seen: run.status === "done" && count === run.tasks.length,
    text: `${count} of ${run.tasks.length} tasks are on ${oneLine(run.target)}`,
  }
}

function parallel(run: RunView): Sight {
  const attempts = attemptsOf(run.tasks)
  const most = Math.max(0, ...attempts.map(({ start }) => attempts.filter((other) => other.start <= start && start < other.end).length))
  return { name: "parallel", seen: most > 1, text: `up to ${most} agents worked at once, each in a worktree of its own` }
}

function attemptsOf(tasks: readonly TaskView[]): { readonly start: number; readonly end: number }[] {
  return tasks.flatMap((task) => task.attempts.map(({ startedAt, endedAt }) => ({ start: startedAt, end: endedAt ?? Infinity })))
}

function neverAtOnce(tasks: readonly (TaskView | undefined)[]): boolean {
  const [ours = [], theirs = []] = tasks.map((task) => (task === undefined ? [] : attemptsOf([task])))
  const both = ours.length > 0 && theirs.length > 0
  return both && ours.every((our) => theirs.every((their) => our.end <= their.start || their.end <= our.start))
}

/** The transcript says when somebody was asked, and how the answer was: by a person, or by a rule. */
function permission(asked: readonly TranscriptEntry[], nobody: boolean): Sight {
  const texts = asked.filter((entry) => entry.type === "permission").map((entry) => oneLine(entry.text))
  const waited = texts.some((text) => text.startsWith("asked"))
  const answer = texts.filter((text) => !text.startsWith("asked")).at(-1)
  if (answer === undefined) return unseen("permission", `${parts.asks} got no answer to a permission`)
  const whom = nobody ? ", nobody answered, and the demo did" : waited ? " you" : ""
  const text = `${parts.asks} wanted to run \`${asksFor}\` and asked${whom}: ${answer.split(":")[0] ?? answer}`
  return { name: "permission", seen: true, text }
}

function retried(run: RunView): Sight {
  const task = taskOf(run, parts.retried)
  const failed = task?.attempts.findIndex((attempt) => attempt.outcome?.includes("check failed") === true) ?? -1
  const next = failed < 0 ? undefined : task?.attempts[failed + 1]
  if (next?.outcome !== "proved") return unseen("retried", `${parts.retried} was not retried after a failed check`)
  return {
    name: "retried",
    seen: true,
    text: `${parts.retried}: ${oneLine(task?.attempts[failed]?.outcome ?? "")}; attempt ${next.number} was told, and passed`,
  }
}

function repaired(run: RunView): Sight {
  const task = run.tasks.find(
    ({ key, attempts }) => isOneOf(parts.conflicting, key) && attempts.some((attempt) => attempt.reason === "repair" && attempt.outcome === "proved"),
  )
  if (task === undefined) return unseen("repaired", `${parts.conflicting.join(" and ")} did not conflict`)
  const other = parts.conflicting.find((key) => key !== task.key)
  return { name: "repaired", seen: true, text: `${task.key} conflicted with ${other} in src/routes.js; its author got it back and kept both` }
}

function timedOut(run: RunView): Sight {
  const attempts = taskOf(run, parts.hangs)?.attempts ?? []
  const [first, ...others] = attempts
  const after = others.find((attempt) => attempt.outcome === "proved")
  if (first?.outcome?.includes("not finished within") !== true || after === undefined) return unseen("timed-out", `${parts.hangs} was not timed out`)
  const took = clockTime((first.endedAt ?? first.startedAt) - first.startedAt)
  return { name: "timed-out", seen: true, text: `${parts.hangs} hung and was ended after ${took}; attempt ${after.number} did the work` }
}
