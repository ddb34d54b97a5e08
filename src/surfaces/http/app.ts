/** The native API: parse in, send a command or read a view, render out. No state of its own. */
import { randomUUID } from "node:crypto"
import { Hono } from "hono"
import { fault, FaultError } from "../../domain/fault.ts"
import { id, type ApprovalId, type RunId } from "../../domain/ids.ts"
import { runOf, taskOf } from "../../domain/project/state.ts"
import { findTask, type Hub } from "../../engine/hub.ts"
import { find, findRun } from "../../engine/find.ts"
import { review, submit } from "../../engine/submission.ts"
import { viewApproval, viewRun, viewWorkers } from "../../engine/views/run.ts"
import { viewTask } from "../../engine/views/task.ts"
import { parseAnswer, parseStop, parseSubmit, parseTell } from "../../protocol/requests.ts"
import { schemaVersion, type HubView, type RunView, type TaskView, type ToldView } from "../../protocol/views.ts"
import { mcpRoutes } from "../mcp/routes.ts"
import { diffOf } from "./diff.ts"
import { answerProblem, unknownRoute } from "./problem.ts"
import { Feed } from "./streams-feed.ts"
import { streamEvents, streamRun } from "./streams.ts"
import { weaveApi } from "./weave/api.ts"
import type { WeaveSettings } from "./weave/parts.ts"

export interface AppParts {
  readonly hub: Hub
  /** The hub as a process: what the state does not know of it. */
  readonly about: () => Omit<HubView, "runs" | "needsYou" | "workers">
  readonly stop: (worker: boolean) => void
  readonly weave: WeaveSettings
}

const transcriptBytesMax = 256 * 1024

export function makeApp(parts: AppParts): Hono {
  const app = new Hono()
  app.onError((error, context) => answerProblem(context, error))
  app.notFound(unknownRoute)
  hubRoutes(app, parts)
  runRoutes(app, parts)
  taskRoutes(app, parts)
  approvalRoutes(app, parts)
  app.route("/api", weaveApi({ hub: parts.hub, about: parts.about, settings: parts.weave }))
  return app
}

function hubRoutes(app: Hono, { hub, about, stop }: AppParts): void {
  app.get("/v1/hub", (context) => {
    const { state } = hub
    const active = [...state.runs.values()].filter((run) => run.status.name !== "settled").length
    const needsYou = [...state.approvals.values()].filter((approval) => approval.answer === null).length
    return context.json({
      schema_version: schemaVersion,
      ...about(),
      runs: { active, total: state.runs.size },
      needsYou,
      workers: viewWorkers(state),
    } satisfies HubView & { schema_version: number })
  })
  app.post("/v1/hub/stop", async (context) => {
    stop(parseStop(await bodyOf(context.req)).worker)
    return context.json({ schema_version: schemaVersion, stopping: true }, 202)
  })
  app.get("/v1/workers", (context) => context.json(list(viewWorkers(hub.state))))
  app.get("/v1/find", (context) => context.json({ schema_version: schemaVersion, ...find(hub.state, context.req.query("name") ?? "") }))
  const feed = new Feed(hub, hub.parts.clock)
  app.get("/v1/events", (context) => streamEvents(context, feed))
}

function runRoutes(app: Hono, { hub }: AppParts): void {
  app.post("/v1/plans/review", async (context) =>
    context.json({ schema_version: schemaVersion, ...(await review(hub, parseSubmit(await bodyOf(context.req)))) }),
  )
  app.post("/v1/runs", async (context) => context.json(run(hub, await submit(hub, parseSubmit(await bodyOf(context.req)))), 201))
  app.get("/v1/runs", (context) => {
    const newestFirst = [...hub.state.runs.values()].sort((a, b) => b.startedAt - a.startedAt)
    return context.json(list(newestFirst.map((one) => run(hub, one.id))))
  })
  app.get("/v1/runs/:run", (context) => context.json(run(hub, findRun(hub.state, context.req.param("run")))))
  app.get("/v1/runs/:run/live", (context) => streamRun(context, hub, findRun(hub.state, context.req.param("run"))))
  app.post("/v1/runs/:run/stop", async (context) => {
    const of = findRun(hub.state, context.req.param("run"))
    await hub.send({ type: "run.stop", run: of, by: "a person" })
    return context.json(run(hub, of), 202)
  })
  app.post("/v1/runs/:run/continue", async (context) => {
    const of = findRun(hub.state, context.req.param("run"))
    await hub.hold(runOf(hub.state, of).commonDirectory)
    await hub.send({ type: "run.continue", run: of })
    return context.json(run(hub, of), 202)
  })
}

function taskRoutes(app: Hono, { hub }: AppParts): void {
  const named = (context: { req: { param(name: "run" | "key"): string } }): ReturnType<typeof findTask> =>
    findTask(hub.state, findRun(hub.state, context.req.param("run")), context.req.param("key"))
  app.get("/v1/runs/:run/tasks/:key", (context) => context.json(task(hub, named(context))))
  app.post("/v1/runs/:run/tasks/:key/stop", async (context) => {
    await hub.send({ type: "task.stop", task: named(context) })
    return context.json(task(hub, named(context)), 202)
  })
  app.post("/v1/runs/:run/tasks/:key/retry", async (context) => {
    const of = named(context)
    await hub.hold(runOf(hub.state, taskOf(hub.state, of).run).commonDirectory)
    await hub.send({ type: "task.retry", task: of })
    return context.json(task(hub, of), 202)
  })
  app.post("/v1/runs/:run/tasks/:key/tell", async (context) => {
    const of = named(context)
    const { text } = parseTell(await bodyOf(context.req))
    const [message, after] = [randomUUID(), hub.version]
    await hub.send({ type: "task.tell", task: of, message: id(message), text, by: "a person" })
    const { run: inRun, key } = taskOf(hub.state, of)
    return context.json({ schema_version: schemaVersion, run: inRun, task: key, message, after } satisfies ToldView & { schema_version: number }, 202)
  })
  app.get("/v1/runs/:run/tasks/:key/diff", async (context) =>
    context.json({ schema_version: schemaVersion, ...(await diffOf(hub, taskOf(hub.state, named(context)))) }),
  )
  app.get("/v1/sessions/:session/transcript", async (context) => {
    const session = context.req.param("session")
    const of = find(hub.state, session)
    const worker = of.key === null ? null : (taskOf(hub.state, findTask(hub.state, id(of.run), of.key)).workspace?.worker ?? null)
    const answer = await hub.workers.ask(worker ?? (await hub.anyWorker(1_000)), {
      ask: "transcript",
      session: id(session),
      offset: Number(context.req.query("offset") ?? 0) || 0,
      bytesMax: transcriptBytesMax,
    })
    return context.json(answer.ask === "transcript" ? { schema_version: schemaVersion, entries: answer.entries, next: answer.next, ended: answer.ended } : {})
  })
}

function approvalRoutes(app: Hono, { hub }: AppParts): void {
  app.get("/v1/approvals", (context) => {
    const all = [...hub.state.approvals.values()]
      .filter((approval) => context.req.query("all") === "1" || approval.answer === null)
      .sort((a, b) => a.openedAt - b.openedAt)
    return context.json(list(all.map((approval) => viewApproval(hub.state, approval))))
  })
  app.post("/v1/approvals/:id", async (context) => {
    const approval = id<"approval">(context.req.param("id")) satisfies ApprovalId
    const { allow, note } = parseAnswer(await bodyOf(context.req))
    await hub.send({ type: "approval.answer", approval, allow, by: "a person", note })
    const answered = hub.state.approvals.get(approval)
    return context.json(answered === undefined ? {} : { schema_version: schemaVersion, ...viewApproval(hub.state, answered) })
  })
}

const list = <T>(items: readonly T[]): { schema_version: number; items: readonly T[] } => ({ schema_version: schemaVersion, items })

function run(hub: Hub, of: RunId): RunView & { schema_version: number } {
  return { schema_version: schemaVersion, ...viewRun(hub.state, runOf(hub.state, of), hub.live, hub.parts.clock.now()) }
}

function task(hub: Hub, of: ReturnType<typeof findTask>): TaskView & { schema_version: number } {
  return { schema_version: schemaVersion, ...viewTask(hub.state, taskOf(hub.state, of), hub.live, hub.parts.clock.now()) }
}

/** An empty body is an empty object; anything else must be JSON. */
async function bodyOf(request: { text(): Promise<string> }): Promise<unknown> {
  const text = await request.text()
  if (text === "") return {}
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new FaultError(fault("bad-json", "the body is no JSON", "it could not be parsed", "send application/json"))
  }
}
