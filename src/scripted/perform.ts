/** Performs the steps of a script: the body of the scripted agent. It does what the script says and nothing else. */
import { setTimeout as delay } from "node:timers/promises"
import { handoffBlock, type Step } from "./script.ts"
import { appendAt, commitAll, deleteAt, editAt, runCommand, runShell, writeAt, type Place, type Ran } from "./tools.ts"

/** The agent around the steps: how it speaks, asks, fails and ends. */
export interface Stage extends Place {
  readonly attempt: number
  /** Of this conversation, from 1: makes the ids of tool calls unique in it. */
  readonly turn: number
  /** Fires when the turn is to end. */
  readonly signal: AbortSignal
  say(text: string): void
  think(text: string): void
  toolStarted(tool: Tool): Promise<void>
  toolEnded(tool: Tool, ran: Ran): Promise<void>
  /** Asks for a permission; true when it was given. */
  allowed(tool: Tool, must: boolean): Promise<boolean>
  used(input: number, output: number): void
  /** Counts a failure of this marker in the conversation and says how many there were before. */
  failedBefore(marker: string): Promise<number>
  /** Breaks the stream off in the middle. Never resolves. */
  drop(): Promise<never>
  exit(code: number): Promise<never>
}

export interface Tool {
  readonly id: string
  readonly kind: "edit" | "delete" | "execute"
  readonly title: string
  readonly path: string | null
  readonly command: string | null
}

/** A provider's error, as the script wants it. */
export class ProviderFailure extends Error {
  readonly status: number
  readonly retryAfter: number | null
  constructor(status: number, retryAfter: number | null) {
    super(`scripted error ${status}`)
    this.status = status
    this.retryAfter = retryAfter
  }
}

export async function perform(steps: readonly Step[], stage: Stage): Promise<void> {
  if (steps.length === 0) stage.say("Nothing to do.\n")
  for (const [index, step] of steps.entries()) {
    if (stage.signal.aborted) return
    await performStep(step, `turn-${stage.turn}-step-${index + 1}`, stage)
  }
}

async function performStep(step: Step, id: string, stage: Stage): Promise<void> {
  switch (step.kind) {
    case "write":
      return edit(id, "write", step.path, stage, () => writeAt(stage, step.path, step.text))
    case "append":
      return edit(id, "append to", step.path, stage, () => appendAt(stage, step.path, step.text))
    case "edit":
      return edit(id, "edit", step.path, stage, () => editAt(stage, step.path, step.old, step.new))
    case "delete":
      return edit(id, "delete", step.path, stage, () => deleteAt(stage, step.path))
    case "resolve":
      return edit(id, "resolve", step.path, stage, () => resolve(step.path, step.text, stage))
    case "run":
      return command(id, step.cmd, stage, false, () => runShell(step.cmd, stage, stage.signal))
    case "ask":
      return command(id, step.cmd, stage, true, () => runShell(step.cmd, stage, stage.signal))
    case "commit":
      return command(id, `git commit -m ${JSON.stringify(step.message)}`, stage, false, () => commitAll(step.message, stage, stage.signal))
    case "say":
      return stage.say(`${step.text}\n`)
    case "think":
      return stage.think(`${step.text}\n`)
    case "handoff":
      return stage.say(`\n${handoffBlock(step.items)}\n`)
    case "sleep":
      return until(stage.signal, step.ms)
    case "hang":
      return until(stage.signal, null)
    case "fail":
      return fail(step, stage)
    case "drop":
      return stage.drop()
    case "exit":
      return stage.exit(step.code)
    case "usage":
      return stage.used(step.input, step.output)
    case "call":
      throw new Error(`the scripted agent has no tool ${step.tool}: that is for the scripted model behind a real agent`)
    case "error":
      throw new Error(step.message)
  }
}

async function edit(id: string, verb: string, path: string, stage: Stage, change: () => Promise<void>): Promise<void> {
  const tool: Tool = { id, kind: verb === "delete" ? "delete" : "edit", title: `${verb} ${path}`, path, command: null }
  await withTool(tool, stage, false, async () => {
    await change()
    return { passed: true, output: "" }
  })
}

async function command(id: string, text: string, stage: Stage, must: boolean, run: () => Promise<Ran>): Promise<void> {
  await withTool({ id, kind: "execute", title: text, path: null, command: text }, stage, must, run)
}

/** A command that fails is told and the script goes on, as an agent would; a file that cannot be changed ends the turn: the script is wrong. */
async function withTool(tool: Tool, stage: Stage, must: boolean, run: () => Promise<Ran>): Promise<void> {
  await stage.toolStarted(tool)
  if (!(await stage.allowed(tool, must))) return stage.toolEnded(tool, { passed: false, output: "denied" })
  try {
    await stage.toolEnded(tool, await run())
  } catch (error) {
    await stage.toolEnded(tool, { passed: false, output: String(error) })
    throw error
  }
}

async function resolve(path: string, text: string, stage: Stage): Promise<void> {
  await writeAt(stage, path, text)
  const added = await runCommand(["git", "add", "--", path], stage, stage.signal)
  if (!added.passed && !stage.signal.aborted) throw new Error(`git add ${path}: ${added.output}`)
}

/** Times that earlier attempts must have met it count too: a script that fails once goes well on the retry, in a session of its own. */
async function fail(step: Step & { kind: "fail" }, stage: Stage): Promise<void> {
  const before = (await stage.failedBefore(step.marker)) + stage.attempt - 1
  if (before < step.times) throw new ProviderFailure(step.status, step.retryAfter)
}

/** Waits; the end of the turn ends it early. Null waits for that alone. */
async function until(signal: AbortSignal, ms: number | null): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const waiting = ms === null ? promise : delay(ms, undefined, { signal })
  signal.addEventListener("abort", () => resolve(), { once: true })
  if (signal.aborted) return
  await Promise.race([waiting.catch(() => undefined), promise])
}
