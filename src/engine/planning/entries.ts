/** What an event adds to the files that only grow: lines of telemetry, records of discoveries, briefs. The same event gives the same lines, but for where its agent works now. */
import type { EndedAttempt } from "../../domain/attempt/attempt.ts"
import { sayFailure } from "../../domain/attempt/failure.ts"
import { partsOf } from "../../domain/handoff/parts.ts"
import type { TaskId } from "../../domain/ids.ts"
import { agentText } from "../../domain/session-file/agent-type.ts"
import { instanceId } from "../../domain/planning/instance-id.ts"
import { agentName } from "../../domain/session-file/row-results.ts"
import { rowsOf } from "../../domain/session-file/of-run.ts"
import type { Event } from "../../domain/project/events.ts"
import { taskOf, type State } from "../../domain/project/state.ts"
import { isPlanner } from "../../domain/run/campaign.ts"
import type { Run } from "../../domain/run/run.ts"
import { placeInWaves } from "../../domain/run/wave.ts"
import { scopeText } from "../../domain/scope/normalise.ts"
import { isOver, scopesOf, type Task } from "../../domain/task/task.ts"
import type { PlanningWrite, TelemetryEntry } from "../../protocol/planning/record.ts"
import type { Stored } from "../ports/store.ts"

/** Null: it is about no run, or about one that keeps no record. What somebody reports by themselves is put down where the newest campaign there keeps its own. */
export function recordedRun(state: State, event: Event): Run | null {
  if (event.type === "discovery.reported" && event.task === null) {
    const there = [...state.runs.values()].filter((run) => run.campaign?.record === true && run.commonDirectory === event.commonDirectory)
    return there.toSorted((a, b) => a.startedAt - b.startedAt).at(-1) ?? null
  }
  const id = "run" in event ? event.run : "task" in event && event.task !== null ? state.tasks.get(event.task)?.run : undefined
  const run = id === undefined ? undefined : state.runs.get(id)
  return run?.campaign?.record === true ? run : null
}

export function entriesOf(state: State, run: Run, stored: Stored<Event>): PlanningWrite[] {
  // The table ties each type to what takes it; the compiler cannot follow that through a look-up.
  const make = entries[stored.event.type] as ((state: State, run: Run, stored: Stored<Event>) => PlanningWrite[]) | undefined
  return make === undefined ? [] : make(state, run, stored)
}

type Of<Type extends Event["type"]> = Stored<Extract<Event, { readonly type: Type }>>

const entries: { readonly [Type in Event["type"]]?: (state: State, run: Run, stored: Of<Type>) => PlanningWrite[] } = {
  "run.submitted": (_state, run, stored) => [line(run, stored, { event: "campaign-start", agent: "fleet" })],
  "wave.started": (state, run, stored) => {
    const { number: wave, tasks } = stored.event
    return [line(run, stored, { event: "wave-start", agent: "fleet", meta: { wave, agents: tasks.map((id) => nameOf(taskOf(state, id))) } })]
  },
  "wave.ended": (_state, run, stored) => [
    line(run, stored, { event: "wave-complete", agent: "fleet", meta: { wave: stored.event.number, status: "complete" } }),
  ],
  "attempt.started": (state, run, stored) => [line(run, stored, { event: "agent-start", ...who(state, run, stored.event.task) })],
  "attempt.ended": attemptEnded,
  "task.failed": (state, run, stored) => {
    const { task } = stored.event
    return [line(run, stored, { event: "agent-complete", ...who(state, run, task), status: "failed" }), ...found(state, run, stored, task, "failed")]
  },
  "discovery.reported": reported,
  "run.settled": settled,
}

type Line = Pick<TelemetryEntry, "event" | "agent"> & Partial<TelemetryEntry>

function line(run: Run, { number, at }: Stored<Event>, of: Line): PlanningWrite {
  const entry: TelemetryEntry = {
    session: run.campaign?.slug ?? run.id,
    status: null,
    durationMs: null,
    meta: null,
    taskId: null,
    at,
    id: [run.id, String(number), of.event],
    ...of,
  }
  return { kind: "telemetry", entry }
}

/** The agent's instance, where it has one. */
function who(state: State, run: Run, task: TaskId): Pick<TelemetryEntry, "agent" | "taskId" | "meta"> {
  const { key } = taskOf(state, task)
  const place = placeInWaves(run, task)
  const agent = place === null ? nameOf(taskOf(state, task)) : instanceId(run.campaign?.slug ?? run.id, place.wave, place.index)
  return { agent, taskId: key, meta: place === null ? null : { wave: place.wave, name: nameOf(taskOf(state, task)) } }
}

const nameOf = (task: Task): string => agentName({ campaign: task.plan.title, agent: agentText(task) })

function attemptEnded(state: State, run: Run, stored: Of<"attempt.ended">): PlanningWrite[] {
  const { task } = stored.event
  const attempt = attemptAt(state, task, stored.at)
  if (attempt === undefined) return []
  const durationMs = attempt.endedAt - attempt.startedAt
  if (attempt.end.how === "proved") {
    const status = attempt.handoff?.status === "partial" ? "partial" : "success"
    return [line(run, stored, { event: "agent-complete", ...who(state, run, task), status, durationMs }), ...found(state, run, stored, task, status)]
  }
  if (attempt.end.how === "cancelled") return []
  const timedOut = attempt.end.failure.kind === "timeout"
  const scope = scopesOf(taskOf(state, task)).map(scopeText).join(", ")
  const meta = timedOut ? { scope, elapsed_ms: durationMs } : { why: sayFailure(attempt.end.failure).slice(0, 500) }
  return [line(run, stored, { ...who(state, run, task), event: timedOut ? "agent-timeout" : "agent-fail", durationMs, meta })]
}

const attemptAt = (state: State, task: TaskId, at: number): EndedAttempt | undefined => taskOf(state, task).attempts.findLast(({ endedAt }) => endedAt === at)

/** What an agent leaves for others: its record across sessions, and its brief for the next wave. The plan of a planner is no finding. */
function found(state: State, run: Run, { at }: Stored<Event>, id: TaskId, status: "success" | "partial" | "failed"): PlanningWrite[] {
  const task = taskOf(state, id)
  if (isPlanner(run, task) || run.campaign === null) return []
  const attempt = task.attempts.findLast(({ endedAt }) => endedAt <= at)
  const handoff = attempt?.handoff ?? null
  const proof = attempt?.end.how === "proved" ? attempt.end.proof : null
  const failures = attempt?.end.how === "failed" ? [sayFailure(attempt.end.failure)] : []
  const place = placeInWaves(run, id)
  const agent = nameOf(task)
  const files = proof?.collected.files.map((file) => file.path) ?? []
  const record = {
    schema: 1,
    timestamp: new Date(at).toISOString(),
    session: run.campaign.slug,
    agent,
    wave: place?.wave ?? null,
    scope: scopesOf(task).map(scopeText),
    status,
    handoff_items: handoff?.items ?? [],
    decisions: partsOf(handoff).decisions,
    files_touched: files.slice(0, 100),
    failures,
  } as const
  const text = [handoff === null ? "" : `---HANDOFF---\n${handoff.raw}\n---`, ...failures.map((why) => `failed: ${why}`), files.join("\n")].join("\n")
  const brief = { kind: "brief", slug: run.campaign.slug, wave: place?.wave ?? 0, agent, status: status === "success" ? "complete" : status, text } as const
  return [{ kind: "discovery", record }, brief, { kind: "momentum" }]
}

/** What an agent hands off is in the record of its work; this is what somebody reports in words of their own, while they work or beside it. */
function reported(_state: State, run: Run, { event, at }: Of<"discovery.reported">): PlanningWrite[] {
  if (event.task !== null || run.campaign === null) return []
  const record = {
    schema: 1,
    timestamp: new Date(at).toISOString(),
    session: run.campaign.slug,
    agent: event.session ?? "person",
    wave: null,
    scope: event.paths,
    status: "success",
    handoff_items: [event.text],
    decisions: [],
    files_touched: [],
    failures: [],
  } as const
  return [{ kind: "discovery", record }, { kind: "momentum" }]
}

/** Once for each campaign: its end, its place in the count of sessions, and what it leaves to the project's knowledge. */
function settled(state: State, run: Run, stored: Of<"run.settled">): PlanningWrite[] {
  const { event } = stored
  if (run.campaign === null) return []
  const tasks = rowsOf(state, run)
  const done = tasks.filter(({ state: { name } }) => name === "done")
  const status = event.outcome === "done" ? "success" : done.length > 0 ? "partial" : "failed"
  const completed = event.outcome === "done"
  const landed = done.some(({ state: of, attempts }) => attempts.length > 0 && of.name === "done" && of.landed !== null)
  const items = done
    .flatMap((task) => partsOf(task.attempts.at(-1)?.handoff ?? null))
    .flatMap(({ decisions, discoveries, built }) => [...decisions, ...discoveries, ...built])
  const scopes = [...new Set(tasks.flatMap((task) => scopesOf(task).map(scopeText)))]
  return [
    line(run, stored, { event: "campaign-complete", agent: "fleet", status, durationMs: stored.at - run.startedAt }),
    { kind: "momentum" },
    ...(completed
      ? [{ kind: "knowledge", result: { slug: run.campaign.slug, direction: run.campaign.direction, scopes, items: items.slice(0, 20) } } as const]
      : []),
    // Trust comes from what was seen to go well: of a session that brought nothing there is nothing to count.
    ...(completed || landed
      ? [
          {
            kind: "count",
            key: `${run.id}:${event.outcome}`,
            completed,
            cleanMerge: completed && tasks.every(({ conflicts }) => (conflicts ?? []).length === 0) && tasks.every(isOver),
          } as const,
        ]
      : []),
  ]
}
