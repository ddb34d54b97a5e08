/** `fleet planning generate-id`, `register`, `unregister` and `heartbeat`: instances as files. */
import { randomBytes } from "node:crypto"
import { heartbeat, registerInstance, unregister } from "../../../../adapters/planning/instances.ts"
import { fault, FaultError } from "../../../../domain/fault.ts"
import { exitCodes, type ExitCode } from "../../exit-codes.ts"
import type { Invocation } from "../../invocation.ts"
import { outputOf } from "../../output.ts"
import { needed } from "./claims-given.ts"
import { projectRootOf } from "./project-root.ts"

export async function generateId(invocation: Invocation): Promise<ExitCode> {
  return said(invocation, `agent-${randomBytes(4).toString("hex")}`, (instanceId) => instanceId)
}

/**
 * Without `--pid` no process is written down: the caller's own is a shell that is gone when the tool call is, and whoever sweeps by it
 * releases what a living agent holds (C.4.2).
 */
export async function register(invocation: Invocation): Promise<ExitCode> {
  const instanceId = needed(invocation, "id")
  const campaignSlug = invocation.text("campaign")
  await registerInstance(projectRootOf(invocation.context), { instanceId, pid: pidOf(invocation), campaignSlug }, invocation.context.now())
  return said(invocation, instanceId, (id) => `Registered instance: ${id}`)
}

export async function unregisterInstance(invocation: Invocation): Promise<ExitCode> {
  const instanceId = needed(invocation, "id")
  await unregister(projectRootOf(invocation.context), instanceId)
  return said(invocation, instanceId, (id) => `Unregistered instance: ${id}`)
}

/** Says nothing when all is well, as the original does. */
export async function beat(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const instanceId = needed(invocation, "id")
  const known = await heartbeat(projectRootOf(invocation.context), instanceId, invocation.context.now())
  if (invocation.json) output.json({ instanceId, known })
  else if (!known) output.note(`Instance not found: ${instanceId}`)
  return known ? exitCodes.done : exitCodes.failed
}

function said(invocation: Invocation, instanceId: string, line: (id: string) => string): ExitCode {
  const output = outputOf(invocation.context)
  if (invocation.json) output.json({ instanceId })
  else output.line(line(instanceId))
  return exitCodes.done
}

function pidOf(invocation: Invocation): number | null {
  const text = invocation.text("pid")
  if (text === null) return null
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text)
  throw new FaultError(
    fault("usage", `${JSON.stringify(text.slice(0, 40))} is no process`, "a pid is a whole number", "leave --pid out when you do not know it"),
  )
}
