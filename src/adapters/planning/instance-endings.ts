/** Who said in the telemetry that it ended: instance ids stand in every line of theirs (C.1.87). Only the end of the file is read. */
import { z } from "zod"
import { openPlain } from "../../runtime/plain-file.ts"
import { endOf } from "./append-line.ts"
import { telemetryFileOf } from "./telemetry.ts"

export interface Ending {
  readonly how: "complete" | "failed"
  /** Milliseconds. */
  readonly at: number
}

const bytesMax = 4 * 1024 * 1024

const line = z.object({
  event: z.enum(["agent-complete", "agent-fail", "agent-timeout"]),
  timestamp: z.string(),
  agent: z.string(),
  agent_id: z.string().nullish(),
  status: z.string().nullish(),
})

/** The last ending of each instance. A timeout is one only when nothing came after it: it may have been tried again. */
export async function instanceEndings(root: string): Promise<ReadonlyMap<string, Ending>> {
  const endings = new Map<string, Ending>()
  for (const text of (await lastLines(telemetryFileOf(root))).split("\n")) {
    const said = lineOf(text)
    if (said === null) continue
    const at = Date.parse(said.timestamp)
    if (Number.isNaN(at)) continue
    const how = said.event === "agent-complete" && said.status !== "failed" ? "complete" : "failed"
    for (const id of [said.agent, said.agent_id ?? said.agent]) endings.set(id, { how, at })
  }
  return endings
}

function lineOf(text: string): z.infer<typeof line> | null {
  if (!text.includes('"agent-')) return null
  try {
    return line.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

async function lastLines(file: string): Promise<string> {
  const opened = await openPlain(file, Infinity)
  if (opened?.ok !== true) return ""
  await using handle = opened.handle
  return await endOf(handle, bytesMax).catch(() => "")
}
