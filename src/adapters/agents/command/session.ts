/** A conversation by turns that are processes of their own. It has a memory only where the entry says how to resume. */
import type { Readable } from "node:stream"
import { setTimeout as delay } from "node:timers/promises"
import { noUsage, type AgentError, type Steering, type TurnOutcome } from "../../../domain/session/turn.ts"
import type { Child, Exit } from "../../../runtime/children.ts"
import { readLines } from "../../../runtime/lines.ts"
import { Tail } from "../../../runtime/tail.ts"
import type { Offers } from "../../../protocol/worker.ts"
import { nothingOffered, type AgentSession, type OpenRequest, type PromptExtras, type SessionListener } from "../../../worker/ports/agent.ts"
import { fillArgv, placeholdersOf } from "../argv.ts"
import type { CommandDriverOptions, PromptFile } from "../command.ts"
import { noExtras, noPictures, notForOneTurn, withPaths } from "../extras.ts"

const textCharsMax = 1024 * 1024
const lineCharsMax = 1024 * 1024
const stderrCharsMax = 4_000
/** Without a word for this long after the exit: whoever still holds stdout open is a daemon that it left, not its last words. */
const restQuietMs = 300
const restQuietsMax = 10

export class CommandSession implements AgentSession {
  readonly resumed: boolean
  readonly agentVersion = null
  readonly closed: Promise<void>
  readonly #request: OpenRequest
  readonly #listener: SessionListener
  readonly #options: CommandDriverOptions
  readonly #promptFile: PromptFile | null
  readonly #markClosed: () => void
  #running: { readonly child: Child; readonly ended: Promise<unknown>; stopped: boolean } | null = null
  #closing: Promise<void> | null = null
  /** Known once the program has said it, where it does. */
  agentSession: string | null

  constructor(request: OpenRequest, listener: SessionListener, options: CommandDriverOptions, promptFile: PromptFile | null) {
    this.#request = request
    this.#listener = listener
    this.#options = options
    this.#promptFile = promptFile
    this.resumed = request.resume !== null && options.entry.command.resumeArgv !== null
    this.agentSession = this.resumed ? request.resume : null
    const { promise, resolve } = Promise.withResolvers<void>()
    this.closed = promise
    this.#markClosed = resolve
  }

  async prompt(words: string, { attachments, model, mode }: PromptExtras = noExtras): Promise<TurnOutcome> {
    if (this.#running !== null) throw new Error("a turn runs in this session already")
    const { name } = this.#options.entry
    const text = withPaths(words, attachments)
    if (this.#promptFile !== null) await this.#promptFile.write(text)
    if (attachments.length > 0) this.#listener.said(noPictures(name))
    if (mode !== null) this.#listener.said(notForOneTurn(name, "mode", mode, "a command line program has none"))
    if (model !== null && !this.#takesModel()) this.#listener.said(notForOneTurn(name, "model", model, "its argv has no {model}"))
    // Asked after the only wait: from here on the process is known to `close`.
    if (this.#closing !== null) return { how: "lost", message: "the session was closed", text: "", usage: noUsage }
    const said = new Tail(textCharsMax)
    const child = this.#start(model)
    const ended = this.#follow(child, text, said)
    const running = { child, ended, stopped: false }
    this.#running = running
    try {
      const { exit, words } = await ended
      return this.#outcome(exit, running.stopped, said.toString(), words)
    } finally {
      this.#running = null
    }
  }

  answer(): Promise<boolean> {
    return Promise.resolve(false)
  }

  /** A command line program has been given all that it gets. */
  steer(): Promise<Steering> {
    return Promise.resolve("cannot")
  }

  offers(): Promise<Offers> {
    return Promise.resolve(nothingOffered)
  }

  async interrupt(): Promise<void> {
    const running = this.#running
    if (running === null) return
    running.stopped = true
    await running.child.end(this.#options.graceMs)
    await running.ended
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await this.interrupt()
    await this.#promptFile?.remove()
    this.#markClosed()
  }

  #template(): readonly [string, ...string[]] {
    const { entry } = this.#options
    return this.agentSession !== null && entry.command.resumeArgv !== null ? entry.command.resumeArgv : entry.argv
  }

  #takesModel(): boolean {
    return this.#template().some((item) => placeholdersOf(item).includes("model"))
  }

  #start(model: string | null): Child {
    const { entry, children } = this.#options
    const argv = fillArgv(this.#template(), {
      workspace: this.#request.directory,
      model: model ?? this.#request.model ?? entry.model,
      effort: this.#request.effort,
      promptFile: this.#promptFile?.file ?? null,
      session: this.agentSession,
    })
    return children.start({ argv, cwd: this.#request.directory, env: { ...this.#request.environment, ...entry.env } })
  }

  /** Resolves when the process is gone, its group ended and its output read. */
  async #follow(child: Child, prompt: string, said: Tail): Promise<{ exit: Exit; words: string }> {
    let started = false
    const start = (): void => {
      if (!started) this.#listener.started()
      started = true
    }
    // The program has taken the prompt in when the pipe is empty; one that never reads it may still speak.
    child.stdin.end(this.#promptFile === null ? prompt : "", () => child.pid !== undefined && start())
    const stderr = new Tail(stderrCharsMax).follow(child.stderr)
    const output = readLines(child.stdout, lineCharsMax, (line) => {
      start()
      this.#hear(line.text)
      said.add(`${line.text}\n`)
      this.#listener.said({ type: "text", text: `${line.text}\n` })
    })
    const exit = await child.exited
    await child.end(0)
    await restOf(child.stdout, output)
    return { exit, words: stderr.toString().trim() }
  }

  #hear(line: string): void {
    const { sessionPattern } = this.#options.entry.command
    const found = sessionPattern === null ? null : new RegExp(sessionPattern).exec(line)
    if (found?.[1] !== undefined) this.agentSession = found[1]
  }

  #outcome(exit: Exit, stopped: boolean, text: string, words: string): TurnOutcome {
    const rest = { text, usage: noUsage }
    if (stopped) return { how: "interrupted", ...rest }
    if (exit.code === 0) return { how: "completed", ...rest }
    if (exit.signal !== null) {
      const message = `it was ended by ${exit.signal}`
      this.#listener.died(message)
      return { how: "lost", message, ...rest }
    }
    const why = exit.failure?.message ?? `it exited with code ${exit.code}`
    const message = words === "" ? why : `${why}: ${words.slice(-500)}`
    return { how: "failed", error: { class: this.#classOf(exit.code), message, resetAt: null }, ...rest }
  }

  #classOf(code: number | null): AgentError["class"] {
    return this.#options.entry.command.errors.find((known) => known.exitCode === code)?.class ?? "bug"
  }
}

/** Reads on until the output ends, or nobody says anything any more. A daemon in a session of its own may hold it open for ever; the sweep ends that one. */
async function restOf(stdout: Readable, ended: Promise<void>): Promise<void> {
  let spoke = true
  const heard = (): void => void (spoke = true)
  stdout.on("data", heard)
  for (let round = 0; spoke && round < restQuietsMax; round++) {
    spoke = false
    await Promise.race([ended, delay(restQuietMs, null, { ref: false })])
  }
  stdout.off("data", heard)
  stdout.destroy()
  await ended
}
