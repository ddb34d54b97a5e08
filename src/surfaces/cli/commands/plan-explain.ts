/** `fleet plan explain`: every edge, wait and serialisation of a plan, with its reason. Needs no hub. */
import { explainPlan } from "../../../domain/plan/explain.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import { planFaultLines } from "../fault-text.ts"
import type { Invocation } from "../invocation.ts"
import { outputOf } from "../output.ts"
import { readPlanInput } from "../plan-input.ts"
import { planLines } from "../plan-text.ts"

/** What a run gets when nobody says otherwise and no hub is asked. */
const slotsOtherwise = 4

export async function planExplain(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const { plan, faults } = await readPlanInput(invocation.args, invocation.context.cwd)
  const slots = invocation.number("slots") ?? slotsOtherwise
  const tasks = plan === null ? [] : explainPlan(plan, slots)
  if (invocation.json) output.json({ ok: plan !== null, slots, faults, tasks })
  else {
    for (const line of planFaultLines(faults, output.paint)) output.note(line)
    if (plan !== null) for (const line of planLines(plan, tasks, null, output)) output.line(line)
    if (plan !== null) output.note(output.paint("dim", `explained for ${slots} slots; --slots N for another number`))
  }
  return plan === null ? exitCodes.badInput : exitCodes.done
}
