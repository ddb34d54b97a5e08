/** Tools to find out what may run side by side, to look at a plan, and to run it. */
import { z } from "zod"
import { fault, FaultError } from "../../../domain/fault.ts"
import { assessLimits, usualConcurrency } from "../../../domain/plan/assessment.ts"
import type { Plan, PlanFault } from "../../../domain/plan/plan.ts"
import { readPlan } from "../../../protocol/plans/read.ts"
import type { SubmitRun } from "../../../protocol/views.ts"
import { fit, line } from "../bounds.ts"
import { directoryOf } from "../directory.ts"
import type { FleetForAgents } from "../fleet-for-agents.ts"
import { faultLine, faultShape, planText, readAny, refused, shapeFault } from "../plan-text.ts"
import { runLine, runShape, shapeRun } from "../shapes.ts"
import { defineTool, kinds, type Tool } from "../tool.ts"

const id = z.string().min(1).max(64)
/** What most plans need of a task; a plan text can say all of it. */
const task = z.strictObject({
  id,
  title: z.string().max(1_000).optional(),
  prompt: z.string().max(1_000_000).describe("the complete work order; its agent sees nothing else"),
  after: z.array(id).max(500).optional().describe("ids of tasks that must have landed first"),
  scope: z.array(z.string().max(2_000)).max(200).optional().describe("paths and globs that it writes; overlapping tasks never run at once"),
  agent: z.string().max(200).optional(),
  checks: z.array(z.string().max(10_000)).max(100).optional().describe("commands that prove it in its own workspace"),
  gate: z.enum(["none", "human"]).optional().describe("human: a person must approve before it starts"),
})

const planInput = z.strictObject({
  goal: z.string().max(1_000).nullable().default(null).describe("what it is all for, in a line; names the run"),
  tasks: z.array(task).max(500).default([]).describe("the tasks; or give plan instead"),
  plan: z.string().max(1_000_000).nullable().default(null).describe(planText),
  directory: z.string().max(4_096).nullable().default(null).describe("absolute path of the checkout; default: where you work"),
  target: z.string().max(200).nullable().default(null).describe("branch that the work lands on; default: the one checked out"),
  agent: z.string().max(200).nullable().default(null).describe("agent of tasks that name none; default: the person's"),
  slots: z.number().int().min(1).max(10_000).nullable().default(null).describe("how many agents may work at once"),
  wave_size: z
    .number()
    .int()
    .min(1)
    .max(1_000)
    .nullable()
    .default(null)
    .describe("begin at most so many tasks together, the next when all are over; default: no waves"),
})

const key = z.string().min(1).max(200)
const assessInput = z.strictObject({
  tasks: z
    .array(
      z.strictObject({
        key: key.describe("a short name, unique in this call"),
        title: z.string().max(1_000).default(""),
        files: z
          .array(z.string().min(1).max(4_096))
          .max(assessLimits.filesOfTask)
          .default([])
          .describe("paths or globs that it is likely to touch; none: it runs alone"),
        after: z.array(key).max(assessLimits.needsOfTask).default([]).describe("keys of tasks that must be complete first"),
      }),
    )
    .min(1)
    .max(assessLimits.tasks),
  concurrency: z.number().int().min(1).max(assessLimits.tasks).default(usualConcurrency).describe("how many agents may work at once"),
})

const pairShape = z.object({
  a: z.string(),
  b: z.string(),
  overlap: z.enum(["none", "possible", "definite"]),
  strategy: z.enum(["parallel-worktree", "sequential-or-careful", "sequential-only"]),
  reasons: z.array(z.string()),
})

const assessPlan = defineTool({
  name: "assess_plan",
  title: "Which tasks may run side by side",
  description:
    "Say before you hand out work which tasks overlap (none, possible, definite), in which batches they can run, which shared files are at risk, and whether several agents are worth it. Takes what each task is likely to touch. Starts nothing.",
  input: assessInput,
  output: z.object({
    orchestrate: z.boolean().describe("false: do the work yourself, in one session"),
    why: z.string(),
    tell: z.string().describe("to be said to the user as it stands"),
    batches: z.array(z.array(z.string())).describe("keys of the tasks; the next batch starts when the one before is complete"),
    overlaps: z.array(pairShape).describe("pairs that overlap, definite ones first"),
    overlaps_left_out: z.number().int(),
    boundaries: z.array(z.object({ what: z.string(), tasks: z.array(z.string()), advice: z.string() })),
  }),
  annotations: kinds.looks,
  call: async (fleet, args) => {
    const { orchestrate, why, tell, batches, pairs, boundaries } = await fleet.assess({ ...args, repository: [] })
    const overlapping = pairs.filter((pair) => pair.overlap !== "none").toSorted((a, b) => a.overlap.localeCompare(b.overlap))
    const shown = fit(
      overlapping.map(({ a, b, overlap, strategy, reasons }) => ({ a, b, overlap, strategy, reasons: reasons.map((reason) => line(reason)) })),
      0,
      100,
      8_000,
    )
    const keys = batches.map((batch) => batch.tasks.map((task) => task.key))
    const risks = boundaries.map(({ what, tasks, advice }) => ({ what: line(what), tasks: tasks.slice(0, 20), advice: line(advice, 300) }))
    const data = {
      orchestrate,
      why: line(why, 300),
      tell: line(tell, 2_000),
      batches: keys,
      overlaps: shown.items,
      overlaps_left_out: overlapping.length - shown.items.length,
      boundaries: fit(risks, 0, 30, 5_000).items,
    }
    const text = [
      line(tell, 2_000),
      ...keys.map((batch, at) => `batch ${at + 1}: ${batch.join(", ")}`),
      ...shown.items.map(({ a, b, overlap, strategy, reasons }) => `${a} and ${b}: ${overlap}, ${strategy} (${reasons.join("; ")})`),
      ...(data.overlaps_left_out > 0 ? [`(${data.overlaps_left_out} more overlaps are left out; assess fewer tasks at once to see them)`] : []),
      ...data.boundaries.map(({ what, tasks, advice }) => `at risk: ${what} (${tasks.join(", ")}): ${advice}`),
    ]
    return { data, text: text.join("\n") }
  },
})

const reviewPlan = defineTool({
  name: "review_plan",
  title: "Look at a plan",
  description:
    "Check a plan without running it: what is wrong with it (with the fix), on which branch it would land, and what each task would wait for and why. Do this before run_plan.",
  input: planInput,
  output: z.object({
    sound: z.boolean().describe("true: run_plan would take it"),
    target: z.string().nullable(),
    faults: z.array(faultShape),
    tasks: z.array(z.object({ task: z.string(), title: z.string(), agent: z.string(), scope: z.array(z.string()), waits: z.array(z.string()) })),
    left_out: z.number().int().describe("tasks that did not fit into this answer"),
  }),
  annotations: kinds.looks,
  call: async (fleet, args) => {
    const read = planOf(args)
    const review = read.plan === null ? { faults: read.faults, target: null, tasks: [] } : await fleet.review(submitOf(fleet, args, read.plan))
    const faults = dedupe([...read.faults, ...review.faults]).map(shapeFault)
    const tasks = review.tasks.map(({ key, title, agent, scope, waits }) => ({
      task: key,
      title: line(title, 120),
      agent,
      scope: scope.slice(0, 10),
      waits: waits.slice(0, 5).map((wait) => line(wait)),
    }))
    const shown = fit(tasks, 0, 200, 12_000)
    const data = {
      sound: !faults.some((found) => found.severity === "error"),
      target: review.target,
      faults: fit(faults, 0, 50, 5_000).items,
      tasks: shown.items,
      left_out: tasks.length - shown.items.length,
    }
    const text = [
      data.sound ? `The plan is sound: ${tasks.length} tasks, landing on ${review.target ?? "?"}.` : "The plan has errors; run_plan would refuse it.",
      ...data.faults.map(faultLine),
      ...data.tasks.map(
        ({ task, agent, waits }) => `- ${task} (${agent === "" ? "default agent" : agent}): ${waits.length === 0 ? "starts at once" : waits.join("; ")}`,
      ),
      ...(data.left_out > 0 ? [`(${data.left_out} more tasks are left out)`] : []),
    ]
    return { data, text: text.join("\n") }
  },
})

const runPlan = defineTool({
  name: "run_plan",
  title: "Run a plan",
  description:
    "Start a run: Fleet gives each task to an agent in a worktree of its own, keeps overlapping tasks apart, checks what they made and lands it on the target branch, one after the other. Answers at once with the run's handle; then call wait with it.",
  input: planInput,
  output: runShape,
  annotations: kinds.startsAgents,
  call: async (fleet, args) => {
    const { plan, faults } = planOf(args)
    if (plan === null) throw refused(faults)
    const run = shapeRun(await fleet.submit(submitOf(fleet, args, plan)))
    return {
      data: run,
      text: `${runLine(run)}\nIt runs now, on ${run.target}. Next: wait with run "${run.run}", or go on with your own work.`,
      links: [{ uri: `fleet://runs/${run.run}`, name: `run ${run.run}`, mimeType: "application/json" }],
    }
  },
})

export const planTools: readonly Tool[] = [assessPlan, reviewPlan, runPlan]

type PlanArgs = z.output<typeof planInput>

function planOf({ goal, tasks, plan }: PlanArgs): { plan: Plan | null; faults: readonly PlanFault[] } {
  if ((plan === null) === (tasks.length === 0))
    throw new FaultError(
      fault("no-tasks", "give either tasks or plan", plan === null ? "both are empty" : "both are there", `tasks: a list of tasks; plan: ${planText}`),
    )
  const read = plan === null ? readPlan(JSON.stringify({ version: 1, ...(goal === null ? {} : { goal }), tasks }), { file: null }) : readAny(plan)
  const wrong = read.faults.some((found) => found.severity === "error")
  if (read.plan === null || wrong) return { plan: null, faults: read.faults }
  return { plan: goal === null ? read.plan : { ...read.plan, goal }, faults: read.faults }
}

function submitOf(fleet: FleetForAgents, { directory, target, agent, slots, wave_size: waveSize }: PlanArgs, plan: Plan): SubmitRun {
  return { plan, directory: directoryOf(fleet, directory), target, agent, slots, waveSize }
}

const dedupe = (faults: readonly PlanFault[]): PlanFault[] => [...new Map(faults.map((one) => [`${one.code} ${one.line} ${one.what}`, one])).values()]
