/** How a session stands, in the words of the Fleet API. */
import { id } from "../../../domain/ids.ts"
import type { State } from "../../../domain/project/state.ts"
import type { SessionView } from "../../../protocol/session-views.ts"

export const sessionStatuses = ["active", "idle", "waiting_input", "stopped", "completed", "disconnected", "error"] as const
export type SessionStatus = (typeof sessionStatuses)[number]

export interface Standing {
  readonly status: SessionStatus
  /** Null when it does not run. */
  readonly activity: "busy" | "idle" | "waiting_input" | null
  readonly lifecycle: "running" | "completed" | "stopped" | "error" | "disconnected"
  /** Its agent's process is there. */
  readonly alive: boolean
}

/** A parent that rests is shown active while any child of it, or of theirs, works or waits for an answer. */
export function standings(state: State, views: readonly SessionView[]): ReadonlyMap<string, Standing> {
  const byId = new Map(views.map((view) => [view.id, view]))
  const known = new Map<string, Standing>()
  const stand = (view: SessionView): Standing => {
    const before = known.get(view.id)
    if (before !== undefined) return before
    const own = standingOf(state, view)
    const works = (child: string): boolean => {
      const of = byId.get(child)
      return of !== undefined && ["active", "waiting_input"].includes(stand(of).status)
    }
    const standing = own.status === "idle" && view.children.some(works) ? { ...own, status: "active" as const, activity: "busy" as const } : own
    known.set(view.id, standing)
    return standing
  }
  for (const view of views) stand(view)
  return known
}

/** By itself, whatever its children do. */
export function standingOf(state: State, view: SessionView): Standing {
  switch (view.status) {
    case "starting":
    case "working":
    case "stopping":
      return { status: "active", activity: "busy", lifecycle: "running", alive: true }
    case "queued":
      return { status: "active", activity: "busy", lifecycle: "running", alive: isOpen(state, view) }
    case "needs-you":
      return { status: "waiting_input", activity: "waiting_input", lifecycle: "running", alive: true }
    case "idle":
    case "asleep":
      return rests(view)
    case "ended": {
      const how = howEnded(state, view)
      return { status: how, activity: null, lifecycle: how, alive: false }
    }
    case "unknown":
      return { status: "disconnected", activity: null, lifecycle: "disconnected", alive: false }
  }
}

/** After a turn that failed it is in error, until it is prompted again. */
function rests({ status, lastTurn }: SessionView): Standing {
  const alive = status === "idle"
  if (lastTurn?.how === "failed") return { status: "error", activity: null, lifecycle: "error", alive }
  return { status: "idle", activity: "idle", lifecycle: "running", alive }
}

function isOpen(state: State, view: SessionView): boolean {
  return state.sessions.get(id(view.id))?.phase.name !== "asleep"
}

function howEnded(state: State, view: SessionView): "completed" | "stopped" {
  const phase = state.sessions.get(id(view.id))?.phase
  return phase?.name === "ended" ? phase.how : "completed"
}
