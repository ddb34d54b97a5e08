/** `fleet planning claim`, `release` and `check-overlap`: claims as files. What they print is what Citadel's own script prints (C.2). */
import { caseRuleOf, overlapping, readClaims, releaseClaim, scopesOf, takeClaim } from "../../../../adapters/planning/claims.ts"
import { exitCodes, type ExitCode } from "../../exit-codes.ts"
import type { Invocation } from "../../invocation.ts"
import { outputOf } from "../../output.ts"
import { oneLine } from "../../text.ts"
import { needed, noteFaults, scopeList, scopesIn } from "./claims-given.ts"
import { projectRootOf } from "./project-root.ts"

export async function claim(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const wanted = {
    instanceId: needed(invocation, "id"),
    type: invocation.text("type") ?? "unknown",
    scope: scopesIn(needed(invocation, "scope")),
    description: invocation.text("desc") ?? "",
    claimedAt: new Date(invocation.context.now()).toISOString(),
  }
  const taking = await takeClaim(projectRootOf(invocation.context), wanted)
  noteFaults(output, taking.faults)
  if (invocation.json) output.json(taking)
  else if (taking.taken) output.line(`Claimed scope: ${scopeList(wanted.scope)}`)
  else output.note(`Scope overlap with ${oneLine(taking.by.instanceId)}: ${scopeList(taking.by.scope)}`)
  return taking.taken ? exitCodes.done : exitCodes.failed
}

export async function release(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const instanceId = needed(invocation, "id")
  const released = await releaseClaim(projectRootOf(invocation.context), instanceId)
  if (invocation.json) output.json({ instanceId, released })
  else output.line(`${released ? "Released claim for" : "No claim found for"}: ${instanceId}`)
  return exitCodes.done
}

export async function checkOverlap(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const root = projectRootOf(invocation.context)
  const wanted = scopesOf(scopesIn(needed(invocation, "scope")))
  const { claims, faults } = await readClaims(root)
  const inTheWay = overlapping(claims, wanted, { ...(await caseRuleOf(root)), except: () => false })
  noteFaults(output, faults)
  if (invocation.json) output.json({ overlap: inTheWay })
  else output.line(inTheWay === null ? "No overlap detected" : `OVERLAP with ${oneLine(inTheWay.by.instanceId)}: ${scopeList(inTheWay.by.scope)}`)
  return inTheWay === null ? exitCodes.done : exitCodes.failed
}
