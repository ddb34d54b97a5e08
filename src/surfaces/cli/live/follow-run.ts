/** Follows a run in the way that was asked for, says the closing words, and turns what came of it into an exit code. */
import { FaultError } from "../../../domain/fault.ts"
import type { RunView } from "../../../protocol/views.ts"
import { askLine } from "../campaign/ask.ts"
import { askHold, holdOf, showHold } from "../campaign/hold.ts"
import { closingOf } from "../campaign/closing.ts"
import { hubOf } from "../client.ts"
import { canAsk, type CliContext } from "../context.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import { outputOf, paintFor } from "../output.ts"
import { signsFor } from "../style.ts"
import { plainLines } from "../text.ts"
import { closingLines, summaryLine } from "./closing.ts"
import { choicesOf, openApprovals, type Controls, type Display, type ProgressMode } from "./display.ts"
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

async function followToEnd(context: CliContext, run: string, mode: ProgressMode, gone = new Set<string>()): Promise<ExitCode> {
  const attended = mode === "tty" && canAsk(context)
  const asks = mode !== "json" && canAsk(context)
  const pausesAt = (view: RunView): boolean => asks && holdOf(view) !== null
  const end = await follow({ context, run, attended, pausesAt, display: (controls) => displayOf(context, mode, controls, gone) })
  switch (end.how) {
    case "settled":
      await close(context, end.run, mode)
      return exitCodeOfRun(end.run)
    case "needs-person":
      return tellHeld(context, end.run, mode)
    case "paused": {
      const hold = holdOf(end.run)
      const answer = hold === null ? "answered" : await askHold(context, end.run, hold)
      return answer === "answered" ? followToEnd(context, run, mode, gone) : waiting(context, end.run)
    }
    case "detached":
      return end.again ? afterDetaching(context, run, mode) : exitCodes.interrupted
  }
}

/** What a person has to see and to type so that it goes on. */
export async function tellHeld(context: CliContext, run: RunView, mode: ProgressMode): Promise<ExitCode> {
  await close(context, run, mode)
  const hold = holdOf(run)
  if (hold !== null && mode !== "json" && mode !== "quiet") await showHold(context, run, hold)
  return waiting(context, run)
}

function waiting(context: CliContext, run: RunView): ExitCode {
  context.stderr.write("Nothing can go on until somebody answers. The run waits; answer it with one of:\n")
  for (const line of openApprovals(run).flatMap(choicesOf)) context.stderr.write(`  ${line}\n`)
  context.stderr.write(`and come back with: fleet watch ${run.id}\n`)
  return exitCodes.needsPerson
}

/** For who follows in a way of his own. `gone`: tasks that were printed for good already; those that are printed now are added. */
export function displayOf(context: CliContext, mode: ProgressMode, controls: Controls, gone = new Set<string>()): Display {
  const output = outputOf(context)
  switch (mode) {
    case "tty":
      return ttyDisplay(context, controls, gone)
    case "plain":
      return plainDisplay({ write: output.note, now: context.now, signs: output.signs, paint: paintFor(context, context.stderr) })
    case "json":
      return jsonDisplay(output.json, context.now)
    case "quiet":
      return quietDisplay
  }
}

async function close(context: CliContext, run: RunView, mode: ProgressMode): Promise<void> {
  const output = outputOf(context)
  const options = { columns: output.columns, now: context.now(), signs: signsFor(context.env), paint: output.paint, isTerminal: output.isTerminal }
  const { results, handoff } = run.campaign === null ? { results: [], handoff: null } : await closingOf(hubOf(context), run, options)
  if (mode === "json") output.json({ type: "end", at: context.now(), run, ...(handoff === null ? {} : { handoff }) })
  else if (mode === "quiet") output.line(summaryLine(run, options))
  else for (const line of [...closingLines(run, options), ...results]) output.line(line)
  if (mode !== "json" && handoff !== null) for (const line of ["", ...plainLines(handoff)]) output.line(line)
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
  return /^\s*y(es)?\s*$/i.test((await askLine(context, `${question} [y/N] `)) ?? "")
}
