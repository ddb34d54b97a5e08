/** `fleet planning telemetry`: the original's telemetry-log, with its flags, words and exit codes (C.3). */
import { appendTelemetry } from "../../../../adapters/planning/telemetry.ts"
import { exitCodes, type ExitCode } from "../../exit-codes.ts"
import type { Invocation } from "../../invocation.ts"
import { outputOf } from "../../output.ts"
import { oneLine } from "../../text.ts"
import { projectRootOf } from "./project-root.ts"

/** Those that an agent is told of: the others come in the middle of what it does. */
const saidEvents = new Set(["agent-complete", "campaign-complete"])

export async function planningTelemetry(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const event = invocation.text("event")
  if (event === null || event === "") {
    output.note("Usage: fleet planning telemetry --event <type> --agent <name> [--session <slug>] [--status <word>] [--meta <json>]")
    return exitCodes.failed
  }
  const agent = invocation.text("agent")
  const { warning } = await appendTelemetry(
    projectRootOf(invocation.context),
    {
      event,
      agent,
      session: invocation.text("session"),
      durationMs: wholeNumber(invocation.text("duration")),
      status: invocation.text("status"),
      meta: metaOf(invocation.text("meta")),
      runId: invocation.text("runId"),
      agentId: invocation.text("agentId"),
      taskId: invocation.text("taskId"),
      parentId: invocation.text("parentId"),
      sourceEventId: invocation.text("sourceEventId"),
    },
    invocation.context.now(),
  )
  if (warning !== null) output.note(`[telemetry-log] ${oneLine(warning)}`)
  if (saidEvents.has(event)) output.line(`Logged: ${event} for ${oneLine(agent ?? "unknown")}`)
  return exitCodes.done
}

function wholeNumber(text: string | null): number | null {
  const value = Number.parseInt(text ?? "", 10)
  return Number.isSafeInteger(value) ? value : null
}

/** What is no JSON is kept as it is, and warned of. */
function metaOf(text: string | null): unknown {
  if (text === null) return null
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
