/** Runs the setup command of a new checkout, once, and ends its whole group when it takes too long or is no longer wanted. */
import { fault, FaultError } from "../../domain/fault.ts"
import type { Exit } from "../../runtime/children.ts"
import { Tail } from "../../runtime/tail.ts"
import type { Context } from "./context.ts"

const timeoutMs = 10 * 60_000
const endGraceMs = 2_000
const outputCharsMax = 2_000

export async function runSetup(context: Context, directory: string, command: string, signal: AbortSignal): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  limit.throwIfAborted()
  const child = context.children.start({ argv: ["/bin/sh", "-c", command], cwd: directory, env: context.setupEnvironment })
  const output = new Tail(outputCharsMax).follow(child.stdout).follow(child.stderr)
  const abort = (): void => void child.end(endGraceMs)
  limit.addEventListener("abort", abort, { once: true })
  child.stdin.end()
  const exit = await child.exited
  limit.removeEventListener("abort", abort)
  // What it left in the background goes too: it would hold the checkout.
  await child.end(0)
  signal.throwIfAborted()
  if (exit.code !== 0) throw new FaultError(setupFailed(command, exit, limit.aborted, output.toString()))
}

function setupFailed(command: string, exit: Exit, timedOut: boolean, output: string) {
  const how = timedOut
    ? `took more than ${timeoutMs / 60_000} minutes`
    : exit.code === null
      ? `was ended by ${exit.signal ?? exit.failure?.code}`
      : `exited with ${exit.code}`
  return fault(
    "setup-failed",
    `the setup command ${JSON.stringify(command)} ${how}`,
    output.trim() || "it printed nothing",
    "run it by hand in a fresh clone and mend it, or change the setup command",
  )
}
