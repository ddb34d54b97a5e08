/** `fleet planning discovery`: the original's discovery-write (C.1.37). A list that is no JSON array is taken as empty. */
import { appendDiscovery } from "../../../../adapters/planning/discoveries.ts"
import { readDiscoveryRecord } from "../../../../domain/discovery/record.ts"
import { exitCodes, type ExitCode } from "../../exit-codes.ts"
import type { Invocation } from "../../invocation.ts"
import { outputOf } from "../../output.ts"
import { oneLine } from "../../text.ts"
import { projectRootOf } from "./project-root.ts"

export async function planningDiscovery(invocation: Invocation): Promise<ExitCode> {
  const wave = Number.parseInt(invocation.text("wave") ?? "", 10)
  const record = readDiscoveryRecord({
    timestamp: new Date(invocation.context.now()).toISOString(),
    session: invocation.text("session"),
    agent: invocation.text("agent"),
    wave: Number.isSafeInteger(wave) ? wave : null,
    scope: (invocation.text("scope") ?? "").split(",").map((one) => one.trim()),
    status: invocation.text("status"),
    handoff_items: listIn(invocation.text("handoff")),
    decisions: listIn(invocation.text("decisions")),
    files_touched: listIn(invocation.text("files")),
    failures: listIn(invocation.text("failures")),
  })
  if (record === null) throw new Error("a record with an instant of our own is one")
  const file = await appendDiscovery(projectRootOf(invocation.context), record)
  outputOf(invocation.context).line(`Discovery written: ${oneLine(record.agent)} (wave ${record.wave ?? "?"}) → ${file}`)
  return exitCodes.done
}

function listIn(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "[]") as unknown
  } catch {
    return []
  }
}
