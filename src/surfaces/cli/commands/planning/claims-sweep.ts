/** `fleet planning sweep` and `fleet planning coordination`: who is gone, and who is there. */
import { readClaims } from "../../../../adapters/planning/claims.ts"
import { readInstances } from "../../../../adapters/planning/instances.ts"
import { sweep } from "../../../../adapters/planning/sweep.ts"
import { exitCodes, type ExitCode } from "../../exit-codes.ts"
import type { Invocation } from "../../invocation.ts"
import { outputOf } from "../../output.ts"
import { oneLine } from "../../text.ts"
import { noteFaults, scopeList } from "./claims-given.ts"
import { projectRootOf } from "./project-root.ts"

export async function sweepClaims(invocation: Invocation): Promise<ExitCode> {
  const { context } = invocation
  const output = outputOf(context)
  const swept = await sweep(projectRootOf(context), { now: context.now(), environment: context.env })
  noteFaults(output, swept.faults)
  for (const warning of swept.warnings) output.note(oneLine(warning))
  const over = swept.judged.filter(({ is }) => is === "dead" || is === "finished")
  if (invocation.json) {
    output.json(swept)
    return exitCodes.done
  }
  for (const { instanceId, is, why } of swept.judged) if (is === "unknown") output.note(`Kept: ${oneLine(instanceId)} (nobody knows whether it lives: ${why})`)
  for (const { instanceId, word } of over) output.line(`Swept: ${oneLine(instanceId)} (${word})`)
  output.line(`Sweep complete. Cleaned ${over.length} instance(s).`)
  return exitCodes.done
}

export async function coordination(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const root = projectRootOf(invocation.context)
  const { instances, faults } = await readInstances(root)
  const claims = await readClaims(root)
  noteFaults(output, [...faults, ...claims.faults])
  if (invocation.json) {
    output.json({ instances, claims: claims.claims })
    return exitCodes.done
  }
  const present = instances.map((one) => `  ${oneLine(one.instanceId)} | status: ${oneLine(one.status)} | since: ${oneLine(one.startedAt)}`)
  const held = claims.claims.map((one) => `  ${oneLine(one.instanceId)} | scope: ${scopeList(one.scope)} | type: ${oneLine(one.type)}`)
  for (const line of ["", "=== Active Instances ===", ...orNone(present), "", "=== Active Claims ===", ...orNone(held), ""]) output.line(line)
  return exitCodes.done
}

const orNone = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? ["  (none)"] : lines)
