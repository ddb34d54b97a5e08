/** Runs checks: shell lines in a directory, in order, until one fails. Whatever a check started is gone when its result is told. */
import { randomUUID } from "node:crypto"
import { fault, FaultError } from "../../domain/fault.ts"
import type { CheckResult } from "../../domain/worker/job-result.ts"
import type { Children } from "../../runtime/children.ts"
import { endMarked } from "../../runtime/marked.ts"
import { plainText } from "../../runtime/plain-text.ts"
import { Tail } from "../../runtime/tail.ts"
import { drained, exitOrStop } from "../../runtime/ended.ts"

export interface ShellChecks {
  /** Lines for `/bin/sh -c`. */
  readonly commands: readonly string[]
  readonly directory: string
  /** The whole environment; `CI=1` and the mark are added. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** For each command by itself. */
  readonly timeoutMs: number
  readonly children: Children
  readonly signal: AbortSignal
}

const outputBytesMax = 8 * 1024
/** Control sequences are taken out of this much, which is then cut to what is kept. */
const rawCharsMax = 8 * outputBytesMax
const graceMs = 2_000

/**
 * One result for each command that ran; the last is the one that failed, if one did. Rejects with the signal's reason when aborted,
 * and with a `FaultError` when no shell could be started there.
 */
export async function runChecks(checks: ShellChecks): Promise<CheckResult[]> {
  const results: CheckResult[] = []
  for (const command of checks.commands) {
    const result = await runCheck(checks, command)
    results.push(result)
    if (!result.passed) break
  }
  return results
}

async function runCheck({ directory, environment, timeoutMs, children, signal }: ShellChecks, command: string): Promise<CheckResult> {
  signal.throwIfAborted()
  const startedAt = performance.now()
  const mark = { name: "FLEET_CHECK", value: randomUUID() }
  const child = children.start({ argv: ["/bin/sh", "-c", command], cwd: directory, env: { ...environment, CI: "1", [mark.name]: mark.value } })
  const tail = new Tail(rawCharsMax).follow(child.stdout).follow(child.stderr)
  child.stdin.end()
  const stopped = await exitOrStop(child.exited, timeoutMs, signal)
  const elapsedMs = Math.round(performance.now() - startedAt)
  const exit = await child.end(stopped === "exited" ? 0 : graceMs)
  // Also after success: a server that a test left behind would hold ports and files of the workspace.
  await endMarked({ ...mark, graceMs: stopped === "exited" ? 200 : 0 })
  await drained(child)
  signal.throwIfAborted()
  if (exit.failure !== null) throw new FaultError(noShell(directory, exit.failure))
  const timedOut = stopped === "timeout"
  return { command, passed: exit.code === 0 && !timedOut, exitCode: timedOut ? null : exit.code, timedOut, output: lastOf(tail), elapsedMs }
}

function lastOf(tail: Tail): string {
  const bytes = Buffer.from(plainText(tail.toString()))
  if (bytes.length <= outputBytesMax) return bytes.toString()
  let start = bytes.length - outputBytesMax
  // Not in the middle of a character.
  while (start < bytes.length && ((bytes[start] ?? 0) & 0xc0) === 0x80) start++
  return bytes.subarray(start).toString()
}

function noShell(directory: string, failure: NodeJS.ErrnoException): ReturnType<typeof fault> {
  return fault(
    "check-not-started",
    `no check can run in ${directory}`,
    `/bin/sh: ${failure.code ?? failure.message}`,
    "see that the directory is there and may be entered",
  )
}
