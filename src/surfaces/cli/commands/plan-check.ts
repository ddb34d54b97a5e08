/** `fleet plan check`: what is wrong with a plan, and where. */
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import { planFaultLines } from "../fault-text.ts"
import type { Invocation } from "../invocation.ts"
import { outputOf, type Output } from "../output.ts"
import { readPlanInput, type PlanInput } from "../plan-input.ts"
import { counted } from "../text.ts"

export async function planCheck(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const input = await readPlanInput(invocation.args, invocation.context.cwd)
  if (invocation.json)
    output.json({ ok: input.plan !== null, tasks: input.plan?.tasks.length ?? null, format: input.plan?.source.format ?? null, faults: input.faults })
  else for (const line of checkLines(input, output)) output.line(line)
  return input.plan === null ? exitCodes.badInput : exitCodes.done
}

function checkLines({ plan, faults }: PlanInput, output: Output): string[] {
  const lines = planFaultLines(faults, output.paint)
  const errors = faults.filter((found) => found.severity === "error").length
  const warnings = faults.length - errors
  const told = [...(errors > 0 ? [counted(errors, "error")] : []), ...(warnings > 0 ? [counted(warnings, "warning")] : [])].join(", ")
  if (plan === null) return [...lines, output.paint("red", `${output.signs.failed} ${told}: nothing would start`)]
  return [
    ...lines,
    output.paint("green", `${output.signs.done} ${counted(plan.tasks.length, "task")} (${plan.source.format})${told === "" ? "" : `, ${told}`}`),
  ]
}
