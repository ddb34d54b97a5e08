/** Follows a run in the way that was asked for, says the closing words, and turns what came of it into an exit code. */
import { FaultError } from "../../../domain/fault.ts"
import { once } from "node:events"
import readline from "node:readline/promises"
import type { RunView } from "../../../protocol/views.ts"
import { hubOf } from "../client.ts"
import { canAsk, type CliContext } from "../context.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import { outputOf, paintFor } from "../output.ts"
import { signsFor } from "../style.ts"
import { closingLines, summaryLine } from "./closing.ts"
import { openApprovals, type Controls, type Display, type ProgressMode } from "./display.ts"
import { follow } from "./follow.ts"
import { jsonDisplay } from "./json.ts"
import { plainDisplay } from "./plain.ts"
import { quietDisplay } from "./quiet.ts"
import { ttyDisplay } from "./tty.ts"

const secondInterruptMs = 5_000

/** `auto` means the live table on a terminal and lines elsewhere; `--json` means JSON lines. */
export function progressModeOf(asked: string | null, json: boolean, context: CliContext): ProgressMode {
  if (json) return "json"
  if (asked === "tty" || asked === "plain" || asked === "json" || asked === "quiet") return asked
  return context.stdout.isTTY === true && context.env["TERM"] !== "dumb" ? "tty" : "plain"
}

export async function followRun(context: CliContext, run: string, mode: ProgressMode): Promise<ExitCode> {
  // Between one listener and the next, a quick second Ctrl-C must not kill this process half way.
  const stay = (): void => undefined
  context.signals.on("SIGINT", stay)
  try {
    return await followToEnd(context, run, mode)
  } finally {
    context.signals.off("SIGINT", stay)
  }
}

async function followToEnd(context: CliContext, run: string, mode: ProgressMode): Promise<ExitCode> {
  const attended = mode === "tty" && canAsk(context)
  const end = await follow({ context, run, attended, display: (controls) => displayOf(context, mode, controls) })
  switch (end.how) {
    case "settled":
      close(context, end.run, mode)
      return exitCodeOfRun(end.run)
    case "needs-person":
      close(context, end.run, mode)
      context.stderr.write("Nothing can go on until somebody answers. The run waits; answer it with one of:\n")
      for (const { id } of openApprovals(end.run)) context.stderr.write(`  fleet approve ${id}\n  fleet deny ${id}\n`)
      context.stderr.write(`and come back with: fleet watch ${end.run.id}\n`)
      return exitCodes.needsPerson
    case "detached":
      return end.again ? afterDetaching(context, run, mode) : exitCodes.interrupted
  }
}

/** For who follows in a way of his own. */
export function displayOf(context: CliContext, mode: ProgressMode, controls: Controls): Display {
  const output = outputOf(context)
  switch (mode) {
    case "tty":
      return ttyDisplay(context, controls)
    case "plain":
      return plainDisplay({ write: output.note, now: context.now, signs: output.signs, paint: paintFor(context, context.stderr) })
    case "json":
      return jsonDisplay(output.json, context.now)
    case "quiet":
      return quietDisplay
  }
}

function close(context: CliContext, run: RunView, mode: ProgressMode): void {
  const output = outputOf(context)
  const options = { columns: output.columns, now: context.now(), signs: signsFor(context.env), paint: output.paint }
  if (mode === "json") output.json({ type: "end", at: context.now(), run })
  else if (mode === "quiet") output.line(summaryLine(run, options))
  else for (const line of closingLines(run, options)) output.line(line)
}

export function exitCodeOfRun(run: RunView): ExitCode {
  switch (run.status) {
    case "done":
      return exitCodes.done
    case "failed":
      return exitCodes.failed
    case "cancelled":
    case "stopping":
      return exitCodes.cancelled
    case "running":
      return exitCodes.done
  }
}

async function afterDetaching(context: CliContext, run: string, mode: ProgressMode): Promise<ExitCode> {
  const say = (text: string): void => void context.stderr.write(`${text}\n`)
  const again = secondInterrupt(context)
  say(`\nDetached: run ${run} goes on without you. Come back with: fleet watch ${run}`)
  say(`Ctrl-C again within ${secondInterruptMs / 1000} s stops the run${canAsk(context) ? "; Enter leaves now" : ""}.`)
  if (!(await again)) return exitCodes.interrupted
  if (canAsk(context) && !(await confirm(context, `Stop run ${run} and end its agents?`))) {
    say(`Run ${run} goes on.`)
    return exitCodes.interrupted
  }
  say(await stopped(context, run))
  return followToEnd(context, run, mode)
}

/** A run that ended while the person was asked is shown as it ended. */
async function stopped(context: CliContext, run: string): Promise<string> {
  try {
    await hubOf(context).stopRun(run)
    return `Stopping run ${run}.`
  } catch (error) {
    if (error instanceof FaultError && error.fault.code === "run-over") return `Run ${run} is over already.`
    throw error
  }
}

/** True for a Ctrl-C in time; false when the time is over or Enter was pressed. Listens from the moment it is called. */
async function secondInterrupt(context: CliContext): Promise<boolean> {
  const pressed = Promise.withResolvers<boolean>()
  const interrupt = (): void => pressed.resolve(true)
  const leave = (): void => pressed.resolve(false)
  const timer = setTimeout(leave, secondInterruptMs)
  context.signals.on("SIGINT", interrupt)
  if (canAsk(context)) {
    context.stdin.ref?.()
    context.stdin.once("data", leave)
    context.stdin.resume()
  }
  try {
    return await pressed.promise
  } finally {
    clearTimeout(timer)
    context.signals.off("SIGINT", interrupt)
    context.stdin.off("data", leave)
    context.stdin.pause()
    context.stdin.unref?.()
  }
}

/** Asks on stderr, so that stdout stays the result. Anything but y or yes is no; so is Ctrl-C. */
export async function confirm(context: CliContext, question: string): Promise<boolean> {
  const terminal = readline.createInterface({ input: context.stdin, output: context.stderr as NodeJS.WriteStream })
  const closed = once(terminal, "close").then(() => "")
  try {
    context.stdin.ref?.()
    terminal.on("SIGINT", () => terminal.close())
    const answer = await Promise.race([terminal.question(`${question} [y/N] `), closed])
    return /^\s*y(es)?\s*$/i.test(answer)
  } finally {
    terminal.close()
    context.stdin.pause()
    context.stdin.unref?.()
  }
}
