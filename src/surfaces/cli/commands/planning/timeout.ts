/** `fleet planning timeout`: the original's run-with-timeout (C.1.42). */
import { runTimed } from "../../../../adapters/planning/timed-command.ts"
import { fault, FaultError } from "../../../../domain/fault.ts"
import type { Invocation } from "../../invocation.ts"
import { outputOf } from "../../output.ts"
import { oneLine } from "../../text.ts"
import { projectRootOf } from "./project-root.ts"

/** A timer of Node's can hold no more than some 24 days. */
const secondsMax = 2_000_000

export async function planningTimeout(invocation: Invocation): Promise<number> {
  const { context } = invocation
  const output = outputOf(context)
  const timeoutSec = secondsOf(invocation.required(0))
  const argv: [string, ...string[]] = [invocation.required(1), ...invocation.args.slice(2)]
  const stopping = new AbortController()
  const stop = (): void => stopping.abort()
  for (const signal of ["SIGINT", "SIGTERM"] as const) context.signals.on(signal, stop)
  try {
    const result = await runTimed({
      root: projectRootOf(context),
      argv,
      env: context.env,
      timeoutSec,
      // A terminal would keep this process waiting for a line that nobody is going to write.
      ...(context.stdin.isTTY === true ? {} : { input: context.stdin }),
      out: (text) => void context.stdout.write(text),
      err: (text) => void context.stderr.write(text),
      signal: stopping.signal,
      now: context.now,
    })
    const said = oneLine(argv.join(" "))
    if (result.how === "timed-out")
      output.note(`\n[timeout] Command exceeded ${timeoutSec}s limit and was killed.\n  Command: ${said}\n  Duration: ${timeoutSec}s (limit)`)
    if (result.failure !== null) output.note(`[timeout] Failed to start command: ${oneLine(result.failure)}`)
    return result.exitCode
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) context.signals.off(signal, stop)
    context.stdin.pause()
    context.stdin.unref?.()
  }
}

function secondsOf(text: string): number {
  const seconds = Number(text)
  if (/^\d+$/.test(text) && seconds >= 1 && seconds <= secondsMax) return seconds
  throw new FaultError(
    fault(
      "timeout-invalid",
      `${oneLine(text)} is no time limit`,
      `it is a whole number of seconds from 1 to ${secondsMax}`,
      "fleet planning timeout 300 -- npm test",
    ),
  )
}
