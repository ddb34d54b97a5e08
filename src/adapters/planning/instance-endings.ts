/** Who said in the telemetry that it ended: instance ids stand in every line of theirs (C.1.87). Only the end of the file is read. */
import { constants } from "node:fs"
import { open } from "node:fs/promises"
import path from "node:path"
import { z } from "zod"

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
  for (const text of (await endOf(path.join(root, ".planning", "telemetry", "agent-runs.jsonl"))).split("\n")) {
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

async function endOf(file: string): Promise<string> {
  try {
    await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK)
    const stat = await handle.stat()
    if (!stat.isFile()) return ""
    const length = Math.min(stat.size, bytesMax)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, stat.size - length)
    return buffer.toString("utf8", 0, bytesRead)
  } catch {
    return ""
  }
}
