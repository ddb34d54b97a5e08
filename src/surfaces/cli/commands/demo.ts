/** `fleet demo`: builds a small project with scripted agents in a temporary place, shows all that a run can meet, and leaves nothing behind. */
import type { RunView } from "../../../protocol/views.ts"
import { hubOf } from "../client.ts"
import { columnsOfStream } from "../columns.ts"
import { canAsk, type CliContext } from "../context.ts"
import { demoLines, numbersOf } from "../demo/closing.ts"
import { Patience } from "../demo/patience.ts"
import { demoPlan, parts } from "../demo/plan.ts"
import { Sights, type Sight } from "../demo/sights.ts"
import { end, gitLog, look, remove, setStage, slots, type Left, type Stage } from "../demo/stage.ts"
import { Interruption } from "../demo/interruption.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import type { Controls, Display, ProgressMode } from "../live/display.ts"
import { follow } from "../live/follow.ts"
import { displayOf } from "../live/follow-run.ts"
import { outputOf, paintFor } from "../output.ts"
import { planLines } from "../plan-text.ts"
import { ensureHub } from "../start-hub.ts"
import { counted } from "../text.ts"

interface Played {
  readonly run: RunView
  readonly sights: readonly Sight[]
  readonly log: readonly string[]
}

export async function demo(invocation: Invocation): Promise<ExitCode> {
  using interruption = new Interruption(invocation.context.signals)
  const mode = modeOf(invocation)
  const made: { stage: Stage | null } = { stage: null }
  let played: Played | null = null
  let left: Left | null
  try {
    await setStage(invocation.context, mode === "tty", (stage) => (made.stage = stage))
    played = made.stage === null ? null : await interruption.or(play(made.stage, mode, interruption.signal))
    if (played !== null && mode !== "json") show(invocation.context, played)
  } finally {
    left = made.stage === null ? null : await leave(invocation, made.stage, played !== null)
  }
  if (mode === "json") tellJson(invocation.context, played, left)
  if (played === null) return exitCodes.interrupted
  if (mode !== "json") outputOf(invocation.context).line('Try it on your own repository: fleet run "Add a --json flag" --agent claude')
  return played.sights.every((sight) => sight.seen) && isClean(left) ? exitCodes.done : exitCodes.failed
}

/** A person who sits there sees the live table and answers; else lines are printed and a rule of the policy answers. */
function modeOf(invocation: Invocation): ProgressMode {
  const { context } = invocation
  if (invocation.json) return "json"
  return !invocation.flag("headless") && canAsk(context) && context.stdout.isTTY === true && context.env["TERM"] !== "dumb" ? "tty" : "plain"
}

/** Null when the person left before the end. */
async function play({ context, directory, repository }: Stage, mode: ProgressMode, signal: AbortSignal): Promise<Played | null> {
  const output = outputOf(context)
  const plan = demoPlan()
  if (mode !== "json")
    output.note(`${counted(plan.tasks.length, "scripted agent")} build a small project in ${directory}: real git, no credentials, no network.\n`)
  await ensureHub(context)
  const client = hubOf(context)
  const submit = { plan, directory: repository, target: null, agent: null, waveSize: null, slots }
  const review = await client.review(submit)
  const options = { columns: columnsOfStream(context.stderr), paint: paintFor(context, context.stderr), signs: output.signs }
  if (mode !== "json") for (const line of [...planLines(plan, review.tasks, review.target, options), ""]) output.note(line)
  if (signal.aborted) return null
  const { id } = await client.submit(submit)
  const sights = new Sights()
  const ended = await follow({
    context,
    run: id,
    attended: mode === "tty",
    leaving: "end the demo",
    display: (controls) => watched(displayOf(context, mode, controls), sights, controls),
  })
  if (ended.how !== "settled") return null
  const session = ended.run.tasks.find((task) => task.key === parts.asks)?.session ?? null
  const asked = session === null ? [] : (await client.transcript(session, 0)).entries
  return { run: ended.run, sights: sights.tell(ended.run, asked), log: await gitLog({ context, directory, repository }) }
}

function watched(display: Display, sights: Sights, controls: Controls): Display {
  const patience = new Patience(controls, () => sights.nobodyAnswered())
  return {
    ...display,
    run: (view) => {
      sights.run(view)
      patience.see(view)
      display.run(view)
    },
    end: () => {
      patience[Symbol.dispose]()
      display.end()
    },
  }
}

function show(context: CliContext, { run, sights, log }: Played): void {
  const output = outputOf(context)
  const options = { columns: output.columns, now: context.now(), signs: output.signs, paint: output.paint }
  for (const line of demoLines(numbersOf(run, context.now()), sights, log, options)) output.line(line)
}

/** Whatever happened before: ends everything, looks for it again, and removes the directory. */
async function leave(invocation: Invocation, stage: Stage, settled: boolean): Promise<Left> {
  const output = outputOf(invocation.context)
  if (!settled && !invocation.json) output.note("\nEnding what was started ...")
  await end(stage, settled)
  // A run that has ended must have given back its worktrees by itself; those of one that was left go with the directory.
  const before = settled ? await look(stage) : null
  if (!invocation.flag("keep")) await remove(stage)
  const left = before ?? (await look(stage))
  const { processes, worktrees, branches } = left
  if (invocation.json) return left
  const what = [counted(processes, "process", "processes"), counted(worktrees, "worktree"), counted(branches, "branch", "branches")]
  const kept = invocation.flag("keep") ? `kept: ${stage.repository}` : `removed: ${stage.directory}`
  output.line(`${isClean(left) ? "Looked for leftovers and found none" : "Left behind"}: ${what.join(", ")}`)
  output.line(kept)
  return left
}

const isClean = (left: Left | null): boolean => left !== null && left.processes === 0 && left.worktrees === 0 && left.branches === 0

function tellJson(context: CliContext, played: Played | null, left: Left | null): void {
  const told = played === null ? { sights: [], log: [], run: null } : { ...numbersOf(played.run, context.now()), ...played }
  outputOf(context).json({ type: "demo", ok: played !== null && played.sights.every((sight) => sight.seen) && isClean(left), ...told, left })
}
