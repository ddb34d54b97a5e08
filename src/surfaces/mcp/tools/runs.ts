/** Tools to look at runs and to stop them. */
import { z } from "zod"
import { detailLines, detailShape, shapeDetail, type DetailShape } from "../campaign-shapes.ts"
import { cursor, cursorOf, fit, limitOf, nextCursor, placeOf } from "../bounds.ts"
import type { RunView } from "../../../protocol/views.ts"
import { approvalLine, approvalShape, runLine, runShape, shapeApproval, shapeRun, shapeTask, taskLine, taskShape } from "../shapes.ts"
import { defineTool, kinds, type Tool } from "../tool.ts"

const runName = z.string().min(1).max(200).describe("handle of the run, a unique beginning of it, or @last")

const listRuns = defineTool({
  name: "list_runs",
  title: "Runs",
  description: "List runs, newest first, with how far each is.",
  input: z.strictObject({ limit: limitOf(15, 25), cursor }),
  output: z.object({ runs: z.array(runShape), next_cursor: nextCursor }),
  annotations: kinds.looks,
  call: async (fleet, asked) => {
    const { items, next } = await fleet.runs(asked)
    const runs = items.slice(0, asked.limit).map(shapeRun)
    const text = runs.length === 0 ? "There are no runs." : runs.map(runLine).join("\n")
    return { data: { runs, next_cursor: next }, text: `${text}${next === null ? "" : `\n(more: cursor "${next}")`}` }
  },
})

const getRun = defineTool({
  name: "get_run",
  title: "One run and its tasks",
  description:
    "Look at one run: each task with its state, what it waits for or why it failed, and the questions that wait for the person; of a campaign its gate, its waves and, at the end, the HANDOFF. Long lists come in pages.",
  input: z.strictObject({
    run: runName,
    status: taskShape.shape.status.nullable().default(null).describe("only tasks in this state"),
    limit: limitOf(50),
    cursor,
  }),
  output: z.object({
    run: runShape,
    detail: detailShape.nullable().describe("of a campaign, on the first page"),
    tasks: z.array(taskShape),
    questions: z.array(approvalShape),
    next_cursor: nextCursor,
  }),
  annotations: kinds.looks,
  call: async (fleet, { run: name, status, limit, cursor: from }) => {
    const view = await fleet.run(name)
    const run = shapeRun(view)
    const wanted = view.tasks.filter((task) => status === null || task.status === status).map(shapeTask)
    const { items: tasks, next } = fit(wanted, placeOf(from), limit, 9_000)
    const questions = fit(view.approvals.map(shapeApproval), 0, 20, 3_000).items
    const detail = from === null ? detailOf(view) : null
    const text = [
      runLine(run),
      ...(detail === null ? [] : detailLines(detail)),
      ...tasks.map(taskLine),
      ...questions.map((question) => `needs the person: ${approvalLine(question)}`),
      ...(next === null ? [] : [`(${wanted.length - next} more tasks: cursor "${next}")`]),
    ]
    return { data: { run, detail, tasks, questions, next_cursor: cursorOf(next) }, text: text.join("\n") }
  },
})

const stopRun = defineTool({
  name: "stop_run",
  title: "Stop a run",
  description:
    "Stop a run and everything that its agents started. What has landed stays; the rest is kept on its branches. Only when the person wants it, or it was started by mistake.",
  input: z.strictObject({ run: runName }),
  output: runShape,
  annotations: kinds.ends,
  call: async (fleet, { run: name }) => {
    const run = shapeRun(await fleet.stopRun(name))
    return { data: run, text: runLine(run) }
  },
})

export const runTools: readonly Tool[] = [listRuns, getRun, stopRun]

const detailOf = (view: RunView): DetailShape | null => (view.campaign === null ? null : shapeDetail(view.campaign, view.waves))
