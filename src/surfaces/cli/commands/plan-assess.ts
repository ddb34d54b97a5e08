/** `fleet plan assess`: which tasks of a plan may run side by side, by the files that they are likely to touch. */
import type { Assessment } from "../../../domain/plan/assessment.ts"
import { hubOf } from "../client.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import { planFaultLines } from "../fault-text.ts"
import type { Invocation } from "../invocation.ts"
import { outputOf, type Output } from "../output.ts"
import { readPlanInput } from "../plan-input.ts"
import { ensureHub } from "../start-hub.ts"
import { oneLine } from "../text.ts"

export async function planAssess(invocation: Invocation): Promise<ExitCode> {
  const { context } = invocation
  const output = outputOf(context)
  const { plan, faults } = await readPlanInput(invocation.args, context.cwd)
  if (plan === null) {
    for (const line of planFaultLines(faults, output.paint)) output.line(line)
    return exitCodes.badInput
  }
  await ensureHub(context)
  const tasks = plan.tasks.map(({ key, title, scope, after }) => ({
    key,
    title,
    files: scope.filter(({ access }) => access === "write").map(({ pattern }) => pattern),
    after: after.map((need) => need.key),
  }))
  const assessment = await hubOf(context).assess({ tasks, repository: [], concurrency: invocation.number("slots") ?? 4 })
  if (invocation.json) output.json(assessment)
  else for (const line of lines(assessment, output)) output.line(line)
  return exitCodes.done
}

function lines({ tell, pairs, batches, boundaries }: Assessment, { paint }: Output): string[] {
  const clashes = pairs.filter(({ overlap }) => overlap !== "none")
  return [
    oneLine(tell),
    "",
    ...batches.map(({ tasks }, at) => `batch ${at + 1}: ${tasks.map(({ key }) => oneLine(key)).join(", ")}`),
    ...(clashes.length === 0
      ? []
      : [
          "",
          ...clashes.map(({ a, b, overlap, reasons }) =>
            paint(overlap === "definite" ? "red" : "yellow", `${oneLine(a)} and ${oneLine(b)}: ${overlap} (${reasons.map(oneLine).join("; ")})`),
          ),
        ]),
    ...(boundaries.length === 0
      ? []
      : ["", ...boundaries.map(({ kind, what, tasks, advice }) => `${kind} ${oneLine(what)} (${tasks.map(oneLine).join(", ")}): ${oneLine(advice)}`)]),
  ]
}
