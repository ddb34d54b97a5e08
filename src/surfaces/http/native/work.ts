/** Handlers about plans, runs and tasks. */
import { randomUUID } from "node:crypto"
import { id, type RunId, type TaskId } from "../../../domain/ids.ts"
import { conflicts } from "../../../domain/plan/assess-conflicts.ts"
import { assess } from "../../../domain/plan/assess.ts"
import { runOf, taskOf } from "../../../domain/project/state.ts"
import { findRun } from "../../../engine/find.ts"
import { findTask } from "../../../engine/hub.ts"
import { review, submit } from "../../../engine/submission.ts"
import { viewRun } from "../../../engine/views/run.ts"
import { viewTask } from "../../../engine/views/task.ts"
import type { RunView, TaskView } from "../../../protocol/views.ts"
import { diffOf } from "../diff.ts"
import { streamRun } from "../streams.ts"
import type { Handlers, NativeParts } from "./handler.ts"
import { pageOf } from "./page.ts"

type Ids =
  | "reviewPlan"
  | "assessPlan"
  | "findConflicts"
  | "submitRun"
  | "listRuns"
  | "getRun"
  | "followRun"
  | "stopRun"
  | "continueRun"
  | "listTasks"
  | "getTask"
  | "listAttempts"
  | "getTaskDiff"
  | "stopTask"
  | "retryTask"
  | "tellTask"

export function workHandlers(parts: NativeParts): Handlers<Ids> {
  return { ...planHandlers(parts), ...runHandlers(parts), ...taskHandlers(parts) }
}

function planHandlers({ hub }: NativeParts): Handlers<"reviewPlan" | "assessPlan" | "findConflicts"> {
  return {
    reviewPlan: ({ body }) => review(hub, body),
    assessPlan: ({ body }) => assess(body),
    findConflicts: ({ body }) => conflicts(body.children),
  }
}

function runHandlers({ hub }: NativeParts): Handlers<"submitRun" | "listRuns" | "getRun" | "followRun" | "stopRun" | "continueRun"> {
  const view = (run: RunId): RunView => viewRun(hub.state, runOf(hub.state, run), hub.live, hub.parts.clock.now())
  const named = (name: string): RunId => findRun(hub.state, name)
  return {
    submitRun: async ({ body }) => view(await submit(hub, body)),
    listRuns: ({ query }) => {
      // Only those of the page are worth the work of a view, unless the filter needs it.
      const { items, next_cursor } = pageOf(
        [...hub.state.runs.values()].filter(
          ({ status }) => query.status === undefined || query.status === (status.name === "settled" ? status.outcome : status.name),
        ),
        query,
        { number: ({ startedAt }) => startedAt, id: ({ id: run }) => run, first: "highest" },
      )
      return { items: items.map((run) => view(run.id)), next_cursor }
    },
    getRun: ({ params }) => view(named(params.run)),
    followRun: ({ params, context }) => streamRun(context, hub, named(params.run)),
    stopRun: async ({ params, by }) => {
      const run = named(params.run)
      await hub.send({ type: "run.stop", run, by })
      return view(run)
    },
    continueRun: async ({ params }) => {
      const run = named(params.run)
      await hub.repositories.during(runOf(hub.state, run).commonDirectory, () => hub.send({ type: "run.continue", run }))
      return view(run)
    },
  }
}

type TaskIds = "listTasks" | "getTask" | "listAttempts" | "getTaskDiff" | "stopTask" | "retryTask" | "tellTask"

function taskHandlers({ hub }: NativeParts): Handlers<TaskIds> {
  const view = (task: TaskId): TaskView => viewTask(hub.state, taskOf(hub.state, task), hub.live, hub.parts.clock.now())
  const named = (params: { readonly run: string; readonly key: string }): TaskId => findTask(hub.state, findRun(hub.state, params.run), params.key)
  return {
    listTasks: ({ params, query }) => {
      const inOrder = runOf(hub.state, findRun(hub.state, params.run)).tasks.map((task, at) => ({ task, at }))
      const { items, next_cursor } = pageOf(inOrder, query, { number: ({ at }) => at, id: ({ task }) => task, first: "lowest" })
      return { items: items.map(({ task }) => view(task)), next_cursor }
    },
    getTask: ({ params }) => view(named(params)),
    listAttempts: ({ params, query }) =>
      pageOf(view(named(params)).attempts, query, { number: ({ number }) => number, id: ({ session }) => session, first: "lowest" }),
    getTaskDiff: ({ params }) => diffOf(hub, taskOf(hub.state, named(params))),
    stopTask: async ({ params }) => {
      const task = named(params)
      await hub.send({ type: "task.stop", task })
      return view(task)
    },
    retryTask: async ({ params }) => {
      const task = named(params)
      await hub.repositories.during(runOf(hub.state, taskOf(hub.state, task).run).commonDirectory, () => hub.send({ type: "task.retry", task }))
      return view(task)
    },
    tellTask: async ({ params, body, by }) => {
      const task = named(params)
      const [message, after] = [randomUUID(), hub.version]
      await hub.send({ type: "task.tell", task, message: id(message), text: body.text, by })
      const { run, key } = taskOf(hub.state, task)
      return { run, task: key, message, after }
    },
  }
}
