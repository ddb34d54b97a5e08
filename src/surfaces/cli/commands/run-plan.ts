/** `fleet run` with a plan: checks it, shows it, asks, runs it, and follows it live. */
import path from "node:path"
import { explainPlan } from "../../../domain/plan/explain.ts"
import type { Plan, PlanFault } from "../../../domain/plan/plan.ts"
import { schemaVersion, type PlanReview, type SubmitRun } from "../../../protocol/views.ts"
import { HubClient, hubOf, PlanRefused } from "../client.ts"
import { canAsk, type CliContext } from "../context.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import { planFaultLines } from "../fault-text.ts"
import type { Invocation } from "../invocation.ts"
import { confirm, followRun, progressModeOf } from "../live/follow-run.ts"
import { jsonText, outputOf, paintFor } from "../output.ts"
import { readPlanInput } from "../plan-input.ts"
import { planLines } from "../plan-text.ts"
import { ensureHub, hubNow } from "../start-hub.ts"
import { columnsOfStream } from "../columns.ts"

export async function runPlan(invocation: Invocation): Promise<ExitCode> {
  const { context } = invocation
  const { plan, faults } = await readPlanInput(invocation.args, context.cwd)
  if (plan === null) return refuse(invocation, faults)
  const submit: SubmitRun = {
    plan,
    directory: path.resolve(context.cwd, invocation.text("directory") ?? "."),
    target: invocation.text("target"),
    agent: invocation.text("agent"),
    slots: invocation.number("slots"),
    waveSize: invocation.number("waves"),
  }
  if (invocation.flag("dryRun")) return dryRun(invocation, submit, faults)
  const { started } = await ensureHub(context)
  const output = outputOf(context)
  if (started && !invocation.json) output.note("started the hub")
  const client = hubOf(context)
  const review = await client.review(submit)
  if (hasError(review.faults)) return refuse(invocation, review.faults)
  if (!invocation.json && invocation.text("progress") !== "quiet") showPlan(context, plan, review, faults)
  if (!invocation.flag("yes") && canAsk(context) && !(await confirm(context, "Start it?"))) {
    output.note("Nothing was started.")
    return exitCodes.cancelled
  }
  return start(invocation, client, submit)
}

async function start(invocation: Invocation, client: HubClient, submit: SubmitRun): Promise<ExitCode> {
  const { context } = invocation
  const output = outputOf(context)
  const started = await client.submit(submit).catch((error: unknown) => {
    if (error instanceof PlanRefused) return error
    throw error
  })
  if (started instanceof PlanRefused) return refuse(invocation, started.faults)
  if (!invocation.flag("detach")) return followRun(context, started.id, progressModeOf(invocation.text("progress"), invocation.json, context))
  if (invocation.json) output.json(started)
  else {
    output.line(started.id)
    output.note(`follow it: fleet watch ${started.id}`)
  }
  return exitCodes.done
}

const hasError = (faults: readonly PlanFault[]): boolean => faults.some((found) => found.severity === "error")

function refuse({ context, json }: Invocation, faults: readonly PlanFault[]): ExitCode {
  const say = (text: string): void => void context.stderr.write(`${text}\n`)
  const [first] = faults.filter((found) => found.severity === "error")
  const fault = { code: "plan-refused", what: "the plan has errors", why: first?.what ?? "", fix: first?.fix ?? "" }
  if (json) say(jsonText({ schema_version: schemaVersion, ...fault, faults }))
  else for (const line of [...planFaultLines(faults, paintFor(context, context.stderr)), "Nothing was started."]) say(line)
  return exitCodes.badInput
}

/** The plan goes to stderr: the result of `run` is what comes of it. */
function showPlan(context: CliContext, plan: Plan, review: PlanReview, faults: readonly PlanFault[]): void {
  const options = { columns: columnsOfStream(context.stderr), paint: paintFor(context, context.stderr), signs: outputOf(context).signs }
  const warnings = faults.length > 0 ? faults : review.faults
  for (const line of planFaultLines(warnings, options.paint)) context.stderr.write(`${line}\n`)
  for (const line of [...planLines(plan, review.tasks, review.target, options), ""]) context.stderr.write(`${line}\n`)
}

/** Starts nothing, a hub neither. Without one, nobody looks at the repository, and that is said. */
async function dryRun(invocation: Invocation, submit: SubmitRun, faults: readonly PlanFault[]): Promise<ExitCode> {
  const { context } = invocation
  const output = outputOf(context)
  const hub = await hubNow(context.home)
  const review: PlanReview =
    hub === null
      ? { faults, target: submit.target, tasks: explainPlan(submit.plan, submit.slots ?? slotsOtherwise).map((task) => withAgent(task, submit.agent)) }
      : await hubOf(context).review(submit)
  if (invocation.json) output.json({ ok: !hasError(review.faults), repositoryChecked: hub !== null, ...review })
  else {
    for (const line of planFaultLines(review.faults, paintFor(context, context.stderr))) output.note(line)
    for (const line of planLines(submit.plan, review.tasks, review.target, output)) output.line(line)
    output.note(hub === null ? "Nothing was started. No hub runs, so the repository and the agents were not looked at." : "Nothing was started.")
  }
  return hasError(review.faults) ? exitCodes.badInput : exitCodes.done
}

const slotsOtherwise = 4

const withAgent = <T extends { readonly agent: string }>(task: T, agent: string | null): T => (task.agent === "" && agent !== null ? { ...task, agent } : task)
