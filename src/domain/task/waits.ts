/** What a task that has not started waits for. The scheduler asks it, and so does everyone who wants to know why nothing happens. */
import { taskId, type ApprovalId, type LandingId, type TaskId, type WorkerId } from "../ids.ts"
import type { Claim } from "../claim/claim.ts"
import { heldClaim } from "../claim/held.ts"
import { overlaps } from "../scope/overlap.ts"
import { isSpeculative } from "../run/campaign.ts"
import type { Run } from "../run/run.ts"
import { goesInWaves, isInWave, newestWave } from "../run/wave.ts"
import { runOf, taskOf, type State } from "../project/state.ts"
import { scopesOf, type Task } from "./task.ts"

export type Wait =
  | { readonly for: "needs"; readonly waiting: readonly TaskId[]; readonly dead: readonly TaskId[] }
  | { readonly for: "gate"; readonly approval: ApprovalId }
  /** Its run goes in waves, and this one is not over. */
  | { readonly for: "wave"; readonly number: number }
  /** Its run waits for a person. */
  | { readonly for: "person"; readonly approval: ApprovalId }
  /** What it is to be reconciled with has not landed yet. */
  | { readonly for: "landing"; readonly landing: LandingId }
  | { readonly for: "instant"; readonly until: number }
  | { readonly for: "scope"; readonly holder: TaskId; readonly ours: string; readonly theirs: string }
  /** Somebody outside of a run holds it. */
  | { readonly for: "claim"; readonly claim: Claim; readonly ours: string; readonly theirs: string }
  | { readonly for: "agent"; readonly agent: string; readonly until: number }
  | { readonly for: "worker"; readonly agent: string }
  | { readonly for: "slot"; readonly of: "run" | "worker" | "agent" }

/** What can be taken now. Counted once for a whole pass of the scheduler. */
export interface Room {
  readonly ofRun: Map<string, number>
  readonly ofWorker: Map<WorkerId, number>
  readonly ofAgent: Map<string, number>
}

/** Where a task whose needs are met can start at once, or what it waits for. */
export function placeFor(state: State, task: Task, room: Room, now: number): { readonly worker: WorkerId } | Wait {
  if (task.state.name !== "pending") throw new Error(`${task.id} is ${task.state.name}`)
  if (task.needsLeft > 0) return needs(state, task)
  const { notBefore } = task.state.next
  if (notBefore !== null && notBefore > now) return { for: "instant", until: notBefore }
  const run = runOf(state, task.run)
  if (run.hold !== null) return { for: "person", approval: run.hold.approval }
  if (!isInWave(run, task)) return outsideClaim(state, run, task) ?? { for: "wave", number: newestWave(run)?.number ?? 0 }
  const ahead = task.state.next.reason === "repair" && goesInWaves(run) ? landingOf(state, run) : null
  if (ahead !== null) return { for: "landing", landing: ahead }
  const agent = task.plan.agent ?? run.settings.agent
  const cooling = state.cooling.get(agent)
  if (cooling !== undefined && cooling > now) return { for: "agent", agent, until: cooling }
  const conflict = heldScope(state, task)
  if (conflict !== null) return conflict
  if (run.settings.slotsMax !== null && (room.ofRun.get(run.id) ?? 0) >= run.settings.slotsMax) return { for: "slot", of: "run" }
  return pickWorker(state, task, agent, room)
}

export function roomIn(state: State): Room {
  const room: Room = { ofRun: new Map(), ofWorker: new Map(), ofAgent: new Map() }
  for (const id of state.active) {
    const task = taskOf(state, id)
    if (task.state.name === "running") take(room, task, task.state.attempt.worker, task.state.attempt.agent)
  }
  for (const id of state.busy) {
    const session = state.sessions.get(id)
    // A person's own session takes nobody's slot: its agent may be the one that waits for the others.
    if (session !== undefined && session.parent !== null) occupy(room, session.worker, session.agent)
  }
  return room
}

function occupy(room: Room, worker: WorkerId, agent: string): void {
  more(room.ofWorker, worker)
  more(room.ofAgent, `${worker}\0${agent}`)
}

const more = <K>(of: Map<K, number>, key: K): unknown => of.set(key, (of.get(key) ?? 0) + 1)

export function take(room: Room, task: Task, worker: WorkerId, agent: string): void {
  more(room.ofRun, task.run)
  occupy(room, worker, agent)
}

function needs(state: State, task: Task): Wait {
  const open = task.plan.after.map((need) => taskOf(state, taskId(task.run, need.key))).filter((other) => other.state.name !== "done")
  return {
    for: "needs",
    waiting: open.map((other) => other.id),
    dead: open.filter((other) => other.state.name === "failed" || other.state.name === "cancelled").map((other) => other.id),
  }
}

/** A repair of one that shared its wave with others begins when those have landed: it would meet them again otherwise. */
function landingOf(state: State, run: Run): LandingId | null {
  return state.landings.find((landing) => landing.tasks.some((task) => taskOf(state, task).run === run.id))?.id ?? null
}

/** Scopes that another task holds until it has landed; then what somebody outside of any run holds. */
export function heldScope(state: State, task: Task): (Wait & { readonly for: "scope" | "claim" }) | null {
  const mine = scopesOf(task)
  if (mine.length === 0) return null
  const run = runOf(state, task.run)
  const claimed = state.claims.has(task.id)
  for (const holder of state.claims) {
    // Two that hold already and overlap (a scope was widened) go one after the other; neither waits for one that only waits.
    if (holder === task.id || (claimed && !state.active.has(holder))) continue
    const other = taskOf(state, holder)
    // Strategies are meant to touch the same files: only one of them lands.
    if (runOf(state, other.run).commonDirectory !== run.commonDirectory || (other.run === run.id && isSpeculative(run))) continue
    for (const theirs of scopesOf(other))
      for (const ours of mine) if (overlaps(ours, theirs, run)) return { for: "scope", holder, ours: ours.pattern, theirs: theirs.pattern }
  }
  return claimed ? null : outsideClaim(state, run, task)
}

/** What somebody outside of any run holds of its scope. */
export function outsideClaim(state: State, run: Run, task: Task): (Wait & { readonly for: "claim" }) | null {
  const mine = scopesOf(task)
  const held = mine.length === 0 ? null : heldClaim(state, run.commonDirectory, mine, run)
  return held === null ? null : { for: "claim", claim: held.claim, ours: held.ours.pattern, theirs: held.theirs.pattern }
}

/** The worker that has the task's checkout, else the one with the most room. */
function pickWorker(state: State, task: Task, agent: string, room: Room): { readonly worker: WorkerId } | Wait {
  const able = [...state.workers.values()].filter(
    (worker) =>
      worker.status.name === "connected" &&
      (task.workspace === null || task.workspace.worker === worker.id) &&
      worker.agents.some((offered) => offered.name === agent),
  )
  if (able.length === 0) return { for: "worker", agent }
  const free = (worker: (typeof able)[number]): number => worker.slots - (room.ofWorker.get(worker.id) ?? 0)
  const open = able.filter((worker) => free(worker) > 0).sort((a, b) => free(b) - free(a) || (a.id < b.id ? -1 : 1))
  if (open.length === 0) return { for: "slot", of: "worker" }
  const within = open.find((worker) => {
    const limit = worker.agents.find((offered) => offered.name === agent)?.slotsMax ?? null
    return limit === null || (room.ofAgent.get(`${worker.id}\0${agent}`) ?? 0) < limit
  })
  return within === undefined ? { for: "slot", of: "agent" } : { worker: within.id }
}
