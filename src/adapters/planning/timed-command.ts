/**
 * Runs a command with a time limit, and ends all that it started when that is over (C.4.5), also what left its process group; keeps what came of
 * it in `.planning/telemetry/last-command-result.json` (C.3).
 */
import { randomUUID } from "node:crypto"
import { constants } from "node:os"
import path from "node:path"
import type { Readable } from "node:stream"
import { finished } from "node:stream/promises"
import { setTimeout as delay } from "node:timers/promises"
import { Children, type Exit } from "../../runtime/children.ts"
import { endMarked } from "../../runtime/marked.ts"
import { Tail } from "../../runtime/tail.ts"
import { writeInside } from "./atomic-write.ts"

export interface TimedCommand {
  readonly root: string
  readonly argv: readonly [string, ...string[]]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly timeoutSec: number
  /** What the command reads; nothing when left out. */
  readonly input?: NodeJS.ReadableStream
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Somebody does not want to wait any more: everything is ended. */
  readonly signal?: AbortSignal
  readonly now: () => number
}

export interface TimedResult {
  /** As for a shell: 124 when it was over time, 128 and the signal when a signal ended it; 1 when it could not be started. */
  readonly exitCode: number
  readonly how: "exited" | "timed-out" | "aborted" | "not-started"
  /** Why it could not be started; null when it was. */
  readonly failure: string | null
}

export const timedOutCode = 124
const notStartedCode = 1
const markName = "FLEET_TIMED_COMMAND"
const graceMs = 1_000
/** How long output is waited for that a process left behind could still write. */
const drainMs = 1_000
const outputCharsKept = 500

export async function runTimed(command: TimedCommand): Promise<TimedResult> {
  await using children = new Children()
  const value = randomUUID()
  const startedAt = command.now()
  const child = children.start({ argv: command.argv, cwd: command.root, env: { ...command.env, [markName]: value } })
  const tail = new Tail(outputCharsKept)
  const drained = Promise.all([relay(child.stdout, command.out, tail), relay(child.stderr, command.err, tail)])
  if (command.input === undefined) child.stdin.end()
  else command.input.pipe(child.stdin)
  const first = await Promise.race([child.exited, limit(command)])
  command.input?.unpipe(child.stdin)
  if (typeof first === "string") await child.end(graceMs)
  // Also after a clean exit: nothing that Fleet started outlives it.
  await endMarked({ name: markName, value, graceMs: typeof first === "string" ? 0 : graceMs })
  await Promise.race([drained, delay(drainMs, null, { ref: false })])
  const result = typeof first === "string" ? { exitCode: first === "timed-out" ? timedOutCode : 130, how: first, failure: null } : exitResult(first)
  await keepResult(command, result, tail.toString(), command.now() - startedAt)
  return result
}

/** Resolves when the time is over, or nobody waits. */
async function limit({ timeoutSec, signal }: TimedCommand): Promise<"timed-out" | "aborted"> {
  try {
    await delay(timeoutSec * 1_000, null, { ref: false, ...(signal === undefined ? {} : { signal }) })
    return "timed-out"
  } catch {
    return "aborted"
  }
}

async function relay(stream: Readable, to: (text: string) => void, tail: Tail): Promise<void> {
  stream.setEncoding("utf8")
  stream.on("data", (chunk: string) => {
    to(chunk)
    tail.add(chunk)
  })
  await finished(stream).catch(() => undefined)
}

function exitResult({ code, signal, failure }: Exit): TimedResult {
  if (failure !== null) return { exitCode: notStartedCode, how: "not-started", failure: failure.message }
  return { exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), how: "exited", failure: null }
}

async function keepResult(command: TimedCommand, { exitCode, how, failure }: TimedResult, output: string, durationMs: number): Promise<void> {
  const result = {
    command: command.argv.join(" "),
    exitCode: how === "exited" ? exitCode : null,
    timedOut: how === "timed-out",
    ...(failure === null ? {} : { error: failure }),
    durationSec: Math.round(durationMs / 1_000),
    durationMs,
    output,
    timestamp: new Date(command.now()).toISOString(),
    timeoutLimit: command.timeoutSec,
  }
  await writeInside(command.root, path.join(command.root, ".planning", "telemetry", "last-command-result.json"), JSON.stringify(result, null, 2))
}
