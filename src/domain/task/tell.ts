/** Telling an agent something while it works, and what came of it. The agent may not be able to hear; then that is said, never that it was told. */
import { fault, type Fault } from "../fault.ts"
import { id, sessionOf, type AttemptId, type MessageId, type TaskId } from "../ids.ts"
import { attemptOf } from "../attempt/apply.ts"
import type { Attempt, Phase } from "../attempt/attempt.ts"
import type { Command } from "../project/command.ts"
import type { Draft } from "../project/draft.ts"
import { unknownThing } from "../project/refusals.ts"
import { taskOf } from "../project/state.ts"
import type { Task } from "./task.ts"
import type { Steering } from "../session/turn.ts"

const textCharsMax = 20_000
/** That the agent has not taken yet. */
const waitingMax = 20

export function tellTask(draft: Draft, { task: of, message, text, by }: Command & { type: "task.tell" }): Fault | null {
  const task = draft.state.tasks.get(of)
  if (task === undefined) return unknownThing("task", of)
  if (task.state.name !== "running" || task.state.attempt.phase.name !== "working") return notWorking(task)
  const { attempt } = task.state
  if (attempt.telling.includes(message)) return null
  const refusal = badText(text) ?? crowded(task, attempt) ?? away(draft, task, attempt)
  if (refusal !== null) return refusal
  draft.emit({ type: "session.told", task: of, message, by, text })
  draft.ask(attempt.worker, { kind: "session.steer", key: keyOf(attempt.id, message), session: sessionOf(attempt.id), text })
  return null
}

/** What the worker says came of the message that the job was about. */
export function heardOrNot(draft: Draft, task: TaskId, attempt: Attempt, message: MessageId, steering: Steering | "unknown"): void {
  if (!attempt.telling.includes(message)) return
  if (steering === "taken") draft.emit({ type: "session.heard", task, message })
  else draft.emit({ type: "session.unheard", task, message, why: steering })
}

/** The session is over: of what is still open, nobody will say any more what came of it. */
export function endTelling(draft: Draft, task: TaskId): void {
  const { id: attempt, telling } = attemptOf(taskOf(draft.state, task))
  for (const message of telling) {
    draft.settle(keyOf(attempt, message))
    draft.emit({ type: "session.unheard", task, message, why: "unknown" })
  }
}

const keyOf = (attempt: AttemptId, message: MessageId) => id<"job">(`steer:${attempt}:${message}`)

function badText(text: string): Fault | null {
  if (text.trim() === "") return fault("tell-empty", "there is nothing to tell", "the text is empty", "write what the agent should hear")
  if (text.length <= textCharsMax) return null
  const why = `it has ${text.length} characters; ${textCharsMax} are the most`
  return fault("tell-too-long", "the text is too long to be told", why, "put it in a file in the repository's reach, and tell the agent where it is")
}

function crowded(task: Task, attempt: Attempt): Fault | null {
  if (attempt.telling.length < waitingMax) return null
  return fault("tell-waiting", `task ${task.id} cannot be told more now`, `${waitingMax} messages wait for its agent to take them`, "wait until it has")
}

function away(draft: Draft, task: Task, attempt: Attempt): Fault | null {
  if (draft.state.workers.get(attempt.worker)?.status.name === "connected") return null
  return fault("tell-away", `task ${task.id} cannot be told anything now`, `worker ${attempt.worker} is away`, "try again when it is back: fleet status")
}

const notWorking = (task: Task): Fault =>
  fault("task-not-working", `task ${task.id} cannot be told anything now`, `no turn of an agent runs: ${doing(task)}`, `look at it: fleet status ${task.run}`)

function doing(task: Task): string {
  switch (task.state.name) {
    case "pending":
      return "it waits to be started"
    case "gated":
      return "it waits at its gate"
    case "running":
      return doingIn(task.state.attempt.phase)
    case "proved":
      return "its work is proved and waits to land"
    case "landing":
      return "its work is in the landing queue"
    case "done":
    case "failed":
    case "cancelled":
    case "archived":
      return `it is ${task.state.name}`
  }
}

function doingIn(phase: Phase): string {
  switch (phase.name) {
    case "preparing":
      return "its workspace is being made"
    case "opening":
      return "its session is being opened"
    case "prompting":
      return "its agent has not acknowledged the prompt yet"
    case "working":
      return "its agent works"
    case "closing":
      return "its session is being ended"
    case "collecting":
      return "Fleet looks at what was made"
    case "widening":
      return "a person is asked about files out of its scope"
    case "checking":
      return "Fleet runs its checks"
    case "measuring":
      return "Fleet measures what was made"
    case "reading":
      return "Fleet reads the plan that its agent made"
  }
}
