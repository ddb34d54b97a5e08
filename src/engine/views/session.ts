/** Sessions and callbacks as surfaces show them: those without a task, and those of attempts beside them. */
import { createHash } from "node:crypto"
import type { Callback } from "../../domain/callback/callback.ts"
import { callbackText } from "../../domain/callback/text.ts"
import { hasOpenApproval } from "../../domain/approval/apply.ts"
import { sessionOf, workspaceId, type SessionId } from "../../domain/ids.ts"
import { runOf, taskOf, type State } from "../../domain/project/state.ts"
import { waitsFor } from "../../domain/session/advance.ts"
import type { Session } from "../../domain/session/session.ts"
import { addUsage } from "../../domain/session/turn.ts"
import type { Task } from "../../domain/task/task.ts"
import type { TaskStatusName } from "../../protocol/views.ts"
import type { CallbackView, SessionStatusName, SessionView } from "../../protocol/session-views.ts"
import { viewTask, type Live } from "./task.ts"

/** Newest first. */
export function viewSessions(state: State, live: Live, now: number): SessionView[] {
  const children = childrenOf(state)
  const own = [...state.sessions.values()].filter(({ phase }) => phase.name !== "undoing").map((session) => view(state, session, children, live, now))
  const ofTasks = [...state.active].map((task) => viewTaskSession(state, taskOf(state, task), live, now)).filter((session) => session !== null)
  return [...own, ...ofTasks].sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))
}

export function viewSession(state: State, session: Session, live: Live, now: number): SessionView {
  return view(state, session, childrenOf(state), live, now)
}

export function viewCallback(state: State, callback: Callback): CallbackView {
  const { id, from, to, turn, news, status, at, deliveredAt } = callback
  return { id, from, to, turn, how: news.how, status, reason: reasonOf(state, callback), text: callbackText({ ...callback, offers: 0 }), at, deliveredAt }
}

function view(state: State, session: Session, children: ReadonlyMap<SessionId, readonly string[]>, live: Live, now: number): SessionView {
  const { phase, checkout, wanted } = session
  const progress = live.get(session.id)
  const status = statusOf(state, session, now)
  const working = phase.name === "working" && progress !== undefined
  return {
    id: session.id,
    title: session.title,
    status,
    reason: status === "working" && working && progress.activity !== "" ? progress.activity : sayWhy(state, session, now),
    agent: session.agent,
    model: session.model,
    agentSession: session.agentSessions.at(-1) ?? null,
    instance: instanceOf(session),
    task: null,
    parent: session.parent,
    notify: session.notify,
    children: children.get(session.id) ?? [],
    worker: session.worker,
    workspace: wanted.workspace,
    strategy: wanted.strategy,
    source: wanted.source,
    directory: checkout.path,
    branch: checkout.branch,
    base: checkout.base,
    released: checkout.status === "released",
    salvage: checkout.salvage,
    waiting: session.queue.length,
    turns: session.turn,
    lastTurn: session.lastTurn,
    usage: working ? addUsage(session.usage, progress.usage) : session.usage,
    createdAt: session.createdAt,
    changedAt: session.changedAt,
    endedAt: phase.name === "ended" ? phase.at : null,
  }
}

/** A UUID that is the same for as long as its agent's process is. */
function instanceOf({ id, life }: Session): string {
  const hash = createHash("sha256").update(`${id}:${life}`).digest("hex")
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`
}

function statusOf(state: State, session: Session, now: number): SessionStatusName {
  const { phase } = session
  if (phase.name !== "ended" && state.workers.get(session.worker)?.status.name !== "connected") return "unknown"
  switch (phase.name) {
    case "preparing":
    case "opening":
    case "undoing":
      return "starting"
    case "prompting":
    case "working":
      return hasOpenApproval(state, session.id) ? "needs-you" : "working"
    case "surveying":
      return "working"
    case "closing":
      return phase.then.name === "end" ? "stopping" : "asleep"
    case "resting":
      return session.queue.length > 0 && waitsFor(state, session, now) !== null ? "queued" : session.queue.length > 0 ? "working" : "idle"
    case "asleep":
      return session.queue.length > 0 ? "queued" : "asleep"
    case "ended":
      return "ended"
  }
}

function sayWhy(state: State, session: Session, now: number): string {
  const { phase, queue, lastTurn } = session
  const wait = queue.length === 0 ? null : waitsFor(state, session, now)
  if (statusOf(state, session, now) === "unknown") return sayWait("worker")
  switch (phase.name) {
    case "preparing":
      return "its checkout is being made"
    case "opening":
      return "its agent is being opened"
    case "undoing":
      return `could not be made: ${phase.fault.what}`
    case "prompting":
      return "the prompt was handed over; its agent has not acknowledged it yet"
    case "working":
      return phase.stop === null ? "its agent works" : "its turn is being stopped"
    case "surveying":
      return "Fleet looks at what it changed"
    case "closing":
      return "its agent is being ended"
    case "ended":
      return `ended by ${phase.by}`
    case "resting":
    case "asleep":
      if (wait !== null) return sayWait(wait.for)
      if (lastTurn !== null && lastTurn.how !== "completed") return `its last turn ${lastTurn.how}: ${lastTurn.why ?? ""}`
      return phase.name === "asleep" ? "no agent runs; the next prompt wakes it" : "waits for a prompt"
  }
}

function sayWait(reason: NonNullable<ReturnType<typeof waitsFor>>["for"]): string {
  switch (reason) {
    case "worker":
      return "its worker is away"
    case "instant":
      return "its agent is opened again in a moment"
    case "agent":
      return "the agent's provider asks to wait"
    case "slot":
      return "waits for a free slot"
    case "directory":
      return "another child works in the same directory"
  }
}

function reasonOf(state: State, { to, status }: Callback): string | null {
  switch (status) {
    case "describing":
      return "Fleet looks at what was changed"
    case "waiting":
      return state.sessions.get(to)?.phase.name === "ended" ? "its receiver has ended; it is told when it is resumed" : "it is handed over in a moment"
    case "queued":
      return "its receiver has not acknowledged it yet"
    case "delivered":
      return null
    case "dropped":
      return "its receiver was deleted"
  }
}

function childrenOf(state: State): ReadonlyMap<SessionId, readonly string[]> {
  const children = new Map<SessionId, string[]>()
  for (const { id, parent } of state.sessions.values()) if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), id])
  return children
}

const ofTask: Readonly<Record<TaskStatusName, SessionStatusName>> = {
  queued: "starting",
  starting: "starting",
  working: "working",
  "needs-you": "needs-you",
  verifying: "stopping",
  proved: "ended",
  landing: "ended",
  done: "ended",
  failed: "ended",
  cancelled: "ended",
  archived: "ended",
  unknown: "unknown",
}

/** The session of a running attempt. */
function viewTaskSession(state: State, task: Task, live: Live, now: number): SessionView | null {
  if (task.state.name !== "running") return null
  const { attempt } = task.state
  const of = viewTask(state, task, live, now)
  const run = runOf(state, task.run)
  return {
    id: sessionOf(attempt.id),
    title: task.plan.title,
    status: ofTask[of.status],
    reason: of.reason,
    agent: attempt.agent,
    model: task.plan.model,
    agentSession: attempt.agentSession,
    instance: attempt.id,
    task: task.id,
    parent: null,
    notify: null,
    children: [],
    worker: attempt.worker,
    workspace: workspaceId(task.run, task.key),
    strategy: run.settings.workspace,
    source: run.repository,
    directory: task.workspace?.path ?? null,
    branch: task.workspace?.branch ?? null,
    base: task.workspace?.base ?? null,
    released: false,
    salvage: null,
    waiting: attempt.telling.length,
    turns: attempt.phase.name === "preparing" || attempt.phase.name === "opening" ? 0 : 1,
    lastTurn: null,
    usage: of.usage,
    createdAt: attempt.startedAt,
    changedAt: attempt.startedAt,
    endedAt: null,
  }
}
