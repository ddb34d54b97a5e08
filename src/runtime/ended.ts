/** Waiting for a program's end within a time, and for the last of what it printed. */
import { setTimeout as delay } from "node:timers/promises"
import type { Child } from "./children.ts"

export type Stopped = "exited" | "timeout" | "aborted"

/** Which came first: `over`, the limit, or the signal. */
export async function exitOrStop(over: Promise<unknown>, timeoutMs: number, signal: AbortSignal): Promise<Stopped> {
  const waiting = new AbortController()
  const stopped = delay(timeoutMs, "timeout" as const, { signal: AbortSignal.any([signal, waiting.signal]) }).catch(() => "aborted" as const)
  const first = await Promise.race([over.then(() => "exited" as const), stopped])
  waiting.abort()
  return first
}

/** How long the last of the output may take to arrive when every process is gone. */
const drainMs = 1_000

/** Everything that could write is gone, so the streams end by themselves; something that hid from the sweep must not hold us up. */
export async function drained({ stdout, stderr }: Child): Promise<void> {
  const streams = [stdout, stderr].filter((stream) => !stream.closed)
  const closed = Promise.all(streams.map((stream) => new Promise((resolve) => stream.once("close", resolve))))
  const waiting = new AbortController()
  await Promise.race([closed, delay(drainMs, null, { signal: waiting.signal }).catch(() => null)])
  waiting.abort()
  for (const stream of streams) stream.destroy()
}
