/** Events about runs and tasks as one line of a log. */
import { sayFailure } from "../../domain/attempt/failure.ts"
import type { TaskId } from "../../domain/ids.ts"
import type { RunEvent } from "../../domain/run/run.ts"
import { scopeText } from "../../domain/scope/normalise.ts"
import type { TaskEvent } from "../../domain/task/task.ts"
import { sayMoved } from "./campaign.ts"

export function sayRun(event: RunEvent): string {
  switch (event.type) {
    case "run.submitted":
      return `submitted: ${event.tasks.length} tasks onto ${event.terms.target}`
    case "run.stopping":
      return `stopping, asked by ${event.by}`
    case "run.resumed":
      return "goes on"
    case "wave.started":
      return [`wave ${event.number}: ${event.tasks.map(keyOf).join(", ")}`, ...(event.moved ?? []).map((moved) => sayMoved(moved, keyOf))].join("; ")
    case "wave.gap":
      return `${keyOf(event.task)} got no workspace and waits for a later wave: ${event.fault.what}: ${event.fault.why}`
    case "run.planned":
      return `planned: ${event.tasks.length} tasks${event.criticism.length === 0 ? "" : `, ${event.criticism.length} weaknesses left`}`
    case "run.gated":
      return `${event.gate.disclosure} ${event.gate.colour}: ${event.gate.why}${event.gate.proportion === null ? "" : `; ${event.gate.proportion.why}`}`
    case "run.held":
      return `waits for a person: ${event.hold.approval}`
    case "run.auto-continue":
      return event.on ? "the next wave begins by itself" : "a person is asked before each wave"
    case "run.extended":
      return `${event.tasks.length} ${event.tasks.length === 1 ? "task was" : "tasks were"} added: ${event.tasks.map(({ plan }) => plan.title).join(", ")}`
    case "run.freed":
      return "waits for a person no more"
    case "run.unpicked":
      return "the strategy that was picked did not land: another can be picked"
    case "run.picked":
      return event.task === null ? `no strategy was picked, by ${event.by}` : `${keyOf(event.task)} was picked, by ${event.by}`
    case "wave.ended":
      return `wave ${event.number} is over`
    case "run.settled":
      return `run ${event.outcome}`
    case "run.archived":
      return "archived"
    case "run.tidied":
      return "its repository is tidied"
  }
}

const keyOf = (task: TaskId): string => task.slice(task.indexOf("/") + 1)

export function sayTask(event: TaskEvent): string {
  switch (event.type) {
    case "task.proved":
      return "proved, and waits"
    case "task.archived":
      return `not picked; kept as ${event.tag}`
    case "task.changed":
      return `changed: it writes ${event.scope.map(scopeText).join(", ") || "anything"}, and comes after ${event.after.map((need) => need.key).join(", ") || "nothing"}`
    case "task.skipped":
      return "left out by a person"
    case "task.done":
      return event.landed === null ? "done; nothing to land" : `landed as ${event.landed.commit.slice(0, 10)}`
    case "task.failed":
      return `failed: ${sayFailure(event.failure)}`
    case "task.cancelled":
      return "stopped"
    case "task.requeued":
      return `another attempt follows (${event.next.reason})`
    case "task.reopened":
      return "reopened by a person"
    case "workspace.releasing":
      return "its workspace is being given back"
    case "workspace.released":
      return event.salvage === null ? "its workspace is given back" : `what was on no branch is kept as ${event.salvage}`
    case "workspace.kept":
      return `its workspace could not be given back: ${event.fault.what}: ${event.fault.why}`
    case "scope.widened":
      return `scope widened by ${event.by}: ${event.paths.join(", ")}`
  }
}
