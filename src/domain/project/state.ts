/** The whole state of a project: what its events add up to. Changed by `apply` alone; every table is persistent, so an older state stays what it was. */
import { Map, Set } from "immutable"
import type { ApprovalId, CallbackId, ClaimId, DiscoveryId, LandingId, RunId, SessionId, TaskId, WorkerId } from "../ids.ts"
import type { Approval } from "../approval/approval.ts"
import type { Callback } from "../callback/callback.ts"
import type { Claim, ClaimChanges } from "../claim/claim.ts"
import type { Discovery } from "../discovery/discovery.ts"
import type { Landing } from "../landing/landing.ts"
import { settingsNotThen, type Run } from "../run/run.ts"
import type { Wave } from "../run/wave.ts"
import type { Session } from "../session/session.ts"
import type { Task } from "../task/task.ts"
import type { Webhook, WebhookId } from "../webhook/webhook.ts"
import type { Worker } from "../worker/worker.ts"

export interface State {
  readonly runs: Map<RunId, Run>
  readonly tasks: Map<TaskId, Task>
  readonly approvals: Map<ApprovalId, Approval>
  readonly landings: Map<LandingId, Landing>
  readonly workers: Map<WorkerId, Worker>
  readonly webhooks: Map<WebhookId, Webhook>
  /** Conversations without a task. */
  readonly sessions: Map<SessionId, Session>
  readonly callbacks: Map<CallbackId, Callback>
  /** Scopes that somebody outside of a run holds. */
  readonly taken: Map<ClaimId, Claim>
  readonly takenChanges: ClaimChanges | null
  readonly discoveries: Map<DiscoveryId, Discovery>
  /** Sessions that have prompts waiting. */
  readonly prompted: Set<SessionId>
  /** Sessions whose agent has a turn. */
  readonly busy: Set<SessionId>
  /** Callbacks that nobody was there to hear. */
  readonly undelivered: Set<CallbackId>
  /** Runs that go on, or whose repository is not tidied yet: those that every decision looks at. */
  readonly unfinished: Set<RunId>
  /** Tasks whose write scopes are held: from the first attempt until the task is over. */
  readonly claims: Set<TaskId>
  /** Pending tasks whose needs are met. */
  readonly ready: Set<TaskId>
  /** Tasks with an attempt, or waiting at a gate, or in the landing queue. */
  readonly active: Set<TaskId>
  /** Agents whose provider told us to wait, and until when. */
  readonly cooling: Map<string, number>
  /** Instants at which something must be decided, by what they are for. */
  readonly timers: Map<string, number>
  readonly counters: {
    readonly approvals: number
    readonly landings: number
    readonly callbacks: number
    readonly claims: number
    readonly discoveries: number
  }
}

export const emptyState: State = {
  runs: Map(),
  tasks: Map(),
  approvals: Map(),
  landings: Map(),
  workers: Map(),
  webhooks: Map(),
  sessions: Map(),
  callbacks: Map(),
  taken: Map(),
  takenChanges: null,
  discoveries: Map(),
  prompted: Set(),
  busy: Set(),
  undelivered: Set(),
  unfinished: Set(),
  claims: Set(),
  ready: Set(),
  active: Set(),
  cooling: Map(),
  timers: Map(),
  counters: { approvals: 0, landings: 0, callbacks: 0, claims: 0, discoveries: 0 },
}

/** The task must exist: its id comes from the state itself. */
export function taskOf(state: State, id: TaskId): Task {
  return found(state.tasks.get(id), id)
}
export function runOf(state: State, id: RunId): Run {
  return found(state.runs.get(id), id)
}
function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the state has no ${what}`)
  return value
}

/** The next instant at which `tick` has something to do, or null. */
export function nextInstant(state: State): number | null {
  return state.timers.min() ?? null
}

/** Plain JSON, for a snapshot. */
export function freeze(state: State): unknown {
  return {
    runs: [...state.runs.values()],
    tasks: [...state.tasks.values()],
    approvals: [...state.approvals.values()],
    landings: [...state.landings.values()],
    workers: [...state.workers.values()],
    webhooks: [...state.webhooks.values()],
    sessions: [...state.sessions.values()],
    callbacks: [...state.callbacks.values()],
    taken: [...state.taken.values()],
    discoveries: [...state.discoveries.values()],
    prompted: [...state.prompted],
    busy: [...state.busy],
    undelivered: [...state.undelivered],
    unfinished: [...state.unfinished],
    claims: [...state.claims],
    ready: [...state.ready],
    active: [...state.active],
    cooling: [...state.cooling],
    timers: [...state.timers],
    counters: state.counters,
  }
}

/** Older snapshots have the newest wave alone. */
type FrozenRun = Run & { readonly wave?: Pick<Wave, "number" | "tasks" | "open"> | null }
/** Older snapshots know landings of one task. */
type FrozenLanding = Landing & { readonly task?: TaskId }

interface Frozen {
  runs: FrozenRun[]
  tasks: Task[]
  approvals: Approval[]
  landings: FrozenLanding[]
  workers: Worker[]
  /** Not in snapshots of the first versions. */
  webhooks?: Webhook[]
  sessions: Session[]
  callbacks: Callback[]
  taken: Claim[]
  discoveries: Discovery[]
  prompted: SessionId[]
  busy: SessionId[]
  undelivered: CallbackId[]
  unfinished: RunId[]
  claims: TaskId[]
  ready: TaskId[]
  active: TaskId[]
  cooling: [string, number][]
  timers: [string, number][]
  counters: State["counters"]
}

/** The inverse of `freeze`. The snapshot is our own writing, checked by the store's version, so it is not parsed again. */
export function thaw(frozen: unknown): State {
  // What was written before a table existed has nothing in it.
  const from = { ...(freeze(emptyState) as Frozen), ...(frozen as Frozen) }
  return {
    runs: Map(from.runs.map((run) => [run.id, upToDate(run)])),
    tasks: Map(from.tasks.map((task) => [task.id, task])),
    approvals: Map(from.approvals.map((approval) => [approval.id, approval])),
    landings: Map(from.landings.map((landing) => [landing.id, ofSeveral(landing)])),
    workers: Map(from.workers.map((worker) => [worker.id, worker])),
    webhooks: Map((from.webhooks ?? []).map((webhook) => [webhook.id, webhook])),
    // Older snapshots have no word of a salvage.
    sessions: Map(from.sessions.map((session) => [session.id, { ...session, checkout: { ...session.checkout, salvage: session.checkout.salvage ?? null } }])),
    callbacks: Map(from.callbacks.map((callback) => [callback.id, callback])),
    takenChanges: null,
    taken: Map(from.taken.map((claim) => [claim.id, { ...claim, instance: claim.instance ?? null }])),
    discoveries: Map(from.discoveries.map((discovery) => [discovery.id, discovery])),
    prompted: Set(from.prompted),
    busy: Set(from.busy),
    undelivered: Set(from.undelivered),
    unfinished: Set(from.unfinished),
    claims: Set(from.claims),
    ready: Set(from.ready),
    active: Set(from.active),
    cooling: Map(from.cooling),
    timers: Map(from.timers),
    counters: { ...emptyState.counters, ...from.counters },
  }
}

/** Runs in older snapshots know nothing of what came later. */
function upToDate({ wave = null, ...run }: FrozenRun): Run {
  const begun = { waves: wave === null ? [] : [{ moved: [], gaps: [], tokens: null, ...wave }] }
  return { ...notThen, ...begun, ...run, settings: { ...settingsNotThen, ...run.settings } }
}
const notThen = { campaign: null, gate: null, hold: null, autoContinue: true, waveAllowed: null, criticism: null, picked: null }

function ofSeveral({ task, ...landing }: FrozenLanding): Landing {
  return task === undefined ? landing : { ...landing, tasks: [task], wave: null }
}
