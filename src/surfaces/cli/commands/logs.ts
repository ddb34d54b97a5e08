/** `fleet logs`: what an agent was told, said and did. */
import { setTimeout as delay } from "node:timers/promises"
import type { TranscriptEntry } from "../../../protocol/worker.ts"
import { HubClient, hubOf } from "../client.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { findSession } from "../names.ts"
import { outputOf, type Output } from "../output.ts"
import type { Tone } from "../style.ts"
import { plainLines } from "../text.ts"

/** How often a growing transcript is read again. */
const readAgainMs = 300

export async function logs(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const client = hubOf(invocation.context)
  const { session, task } = await findSession(client, invocation.required(0))
  const write = invocation.json ? (entry: TranscriptEntry): void => output.json({ session, ...entry }) : entryWriter(output)
  if (!invocation.json) output.note(output.paint("dim", `session ${session}${task === null ? "" : ` of ${task.run}/${task.key}`}`))
  const leaving = new AbortController()
  const leave = (): void => leaving.abort()
  invocation.context.signals.on("SIGINT", leave)
  try {
    await readAll(client, session, invocation.flag("follow"), write, leaving.signal)
    return leaving.signal.aborted ? exitCodes.interrupted : exitCodes.done
  } finally {
    invocation.context.signals.off("SIGINT", leave)
  }
}

async function readAll(client: HubClient, session: string, follow: boolean, write: (entry: TranscriptEntry) => void, signal: AbortSignal): Promise<void> {
  let offset = 0
  while (!signal.aborted) {
    const page = await client.transcript(session, offset)
    for (const entry of page.entries) write(entry)
    const grew = page.next > offset
    offset = page.next
    if (grew) continue
    if (!follow || page.ended) return
    await delay(readAgainMs, undefined, { signal }).catch(() => undefined)
  }
}

const tones: Readonly<Record<TranscriptEntry["type"], Tone | null>> = {
  prompt: "cyan",
  text: null,
  thought: "dim",
  tool: "blue",
  note: "yellow",
  permission: "yellow",
  turn: "bold",
}

function entryWriter(output: Output): (entry: TranscriptEntry) => void {
  return (entry) => {
    const time = new Date(entry.at).toISOString().slice(11, 19)
    const tone = tones[entry.type]
    const lines = plainLines(entry.text)
    const head = `${output.paint("dim", time)} ${entry.type.padEnd(10)} `
    const indent = " ".repeat(20)
    for (const [index, line] of lines.entries()) output.line(`${index === 0 ? head : indent}${tone === null ? line : output.paint(tone, line)}`)
  }
}
