/** Why a task is where it is, in one line for a person. */
import type { Attempt } from "../../domain/attempt/attempt.ts"
import type { LandingId } from "../../domain/ids.ts"
import { sayFailure } from "../../domain/attempt/failure.ts"
import { runOf, taskOf, type State } from "../../domain/project/state.ts"
import { isSpeculative } from "../../domain/run/campaign.ts"
import { placeFor, roomIn, type Wait } from "../../domain/task/waits.ts"
import { isSkipped, type Task } from "../../domain/task/task.ts"

export function sayTask(state: State, task: Task, now: number): string {
  switch (task.state.name) {
    case "pending":
      return sayPending(state, task, now)
    case "gated":
      return `waits for approval ${task.state.approval}`
    case "running":
      return sayAttempt(state, task, task.state.attempt)
    case "landing":
      return sayLanding(state, task.state.landing)
    case "proved":
      return isSpeculative(runOf(state, task.run)) ? "proved; waits to be picked or not" : "proved; waits for the rest of its wave"
    case "archived":
      return `${runOf(state, task.run).picked?.task == null ? "no" : "another"} strategy was picked; kept as ${task.state.tag}`
    case "done":
      return task.state.landed === null
        ? task.state.proof === null
          ? "ticked in the plan"
          : "done; there was nothing to land"
        : `landed as ${task.state.landed.commit.slice(0, 10)}`
    case "failed":
      return sayFailure(task.state.failure)
    case "cancelled":
      return isSkipped(task) ? "left out by a person" : "stopped"
  }
}

export function sayWait(state: State, wait: Wait, now: number): string {
  switch (wait.for) {
    case "needs":
      if (wait.dead.length > 0) return `blocked: ${names(state, wait.dead)} did not succeed; fleet retry ${key(state, wait.dead[0])} unblocks it`
      return `waits for ${names(state, wait.waiting)}`
    case "gate":
      return `waits for approval ${wait.approval}`
    case "wave":
      return `waits for the end of wave ${wait.number}`
    case "person":
      return `its run waits for your answer: ${wait.approval}`
    case "landing":
      return "waits until those of its wave that go together have landed"
    case "instant":
      return `tries again in ${seconds(wait.until - now)}`
    case "scope":
      return `waits for ${key(state, wait.holder)}: both write ${wait.ours === wait.theirs ? wait.ours : `${wait.ours} and ${wait.theirs}`}`
    case "claim":
      return `waits for ${wait.claim.holder}, who holds ${wait.theirs} (${wait.claim.id})`
    case "agent":
      return `the provider of ${wait.agent} asks to wait ${seconds(wait.until - now)}`
    case "worker":
      return `no connected worker has ${wait.agent}`
    case "slot":
      return wait.of === "run" ? "waits for a slot of this run" : wait.of === "agent" ? "waits for a slot of its agent" : "waits for a free slot"
  }
}

function sayPending(state: State, task: Task, now: number): string {
  const place = placeFor(state, task, roomIn(state), now)
  const wait = "worker" in place ? "starts next" : sayWait(state, place, now)
  const last = task.attempts.at(-1)
  return last?.end.how === "failed" ? `${wait}; attempt ${last.number}: ${sayFailure(last.end.failure)}` : wait
}

function sayAttempt(state: State, task: Task, attempt: Attempt): string {
  const open = [...state.approvals.values()].find((approval) => approval.task === task.id && approval.answer === null)
  if (open !== undefined) return `${open.id}: ${open.question}`
  const why = attempt.reason === "first" ? "" : ` (${attempt.reason})`
  switch (attempt.phase.name) {
    case "preparing":
      return `makes the workspace${why}`
    case "opening":
      return `starts ${attempt.agent}${why}`
    case "prompting":
      return `sent the prompt; ${attempt.agent} has not acknowledged it yet${why}`
    case "working":
      return `works${why}`
    case "closing":
      return attempt.phase.then.name === "collect"
        ? "ends the session"
        : `ends the attempt: ${attempt.phase.then.end.how === "failed" ? sayFailure(attempt.phase.then.end.failure) : "stopped"}`
    case "collecting":
      return "looks at what was made"
    case "widening":
      return "changed files outside its scope"
    case "measuring":
      return "is measured against the others"
    case "reading":
      return "its plan is read"
    case "checking":
      return `runs ${task.plan.checks.length} ${task.plan.checks.length === 1 ? "check" : "checks"}`
  }
}

function sayLanding(state: State, id: LandingId): string {
  const landing = state.landings.get(id)
  if (landing === undefined || landing.status.name === "queued") return "proved; waits in the landing queue"
  if (landing.status.name === "asked") return "proved; waits for you to let its wave land"
  return landing.status.name === "trying"
    ? `lands on ${landing.target}`
    : `${landing.status.fault.what}: ${landing.status.fault.why}; ${landing.status.fault.fix}`
}

const key = (state: State, id: Task["id"] | undefined): string => (id === undefined ? "?" : taskOf(state, id).key)
const names = (state: State, ids: readonly Task["id"][]): string => ids.map((id) => key(state, id)).join(", ")
const seconds = (ms: number): string => (ms < 90_000 ? `${Math.max(1, Math.ceil(ms / 1_000))} s` : `${Math.ceil(ms / 60_000)} min`)
