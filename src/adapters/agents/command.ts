/**
 * Drives any headless command line program by an argv template. Each turn is one process: the prompt goes to its stdin (or a file, where the
 * template says `{promptFile}`), its stdout lines are text, exit code 0 is a completed turn. Whether work was done is for git to say.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import path from "node:path"
import { fault, FaultError } from "../../domain/fault.ts"
import type { AgentDriver, AgentSession, OpenRequest, SessionListener } from "../../worker/ports/agent.ts"
import { placeholdersOf } from "./argv.ts"
import { findProgram } from "./command/program.ts"
import { CommandSession } from "./command/session.ts"
import { effortNotTaken } from "./extras.ts"
import type { CommandEntry, DriverOptions } from "./options.ts"

export interface CommandDriverOptions extends DriverOptions {
  readonly entry: CommandEntry
}

export function openCommandDriver(options: CommandDriverOptions): AgentDriver {
  return new CommandDriver(options)
}

class CommandDriver implements AgentDriver {
  readonly #options: CommandDriverOptions
  readonly #sessions = new Set<CommandSession>()

  constructor(options: CommandDriverOptions) {
    this.#options = options
  }

  async open(request: OpenRequest, listener: SessionListener, signal: AbortSignal): Promise<AgentSession> {
    const { entry } = this.#options
    const [program] = entry.argv
    if ((await findProgram(program, request.environment["PATH"] ?? "", request.directory)) === null) throw missing(entry.name, program)
    signal.throwIfAborted()
    const { effort } = request
    if (effort !== null && !takesEffort(entry)) listener.said(effortNotTaken(entry.name, effort, "its argv has no {effort}"))
    const session = new CommandSession(request, listener, this.#options, await this.#promptDirectory())
    this.#sessions.add(session)
    session.closed.then(
      () => this.#sessions.delete(session),
      () => undefined,
    )
    return session
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => session.close()))
  }

  /** Null when the prompt goes to stdin. */
  async #promptDirectory(): Promise<PromptFile | null> {
    const { entry, stateDirectory } = this.#options
    const templates = [...entry.argv, ...(entry.command.resumeArgv ?? [])]
    if (!templates.some((item) => placeholdersOf(item).includes("promptFile"))) return null
    await mkdir(stateDirectory, { recursive: true })
    const directory = await mkdtemp(path.join(stateDirectory, "prompt-"))
    const file = path.join(directory, "prompt.md")
    return { file, write: (text) => writeFile(file, text, { mode: 0o600 }), remove: () => rm(directory, { recursive: true, force: true }) }
  }
}

const takesEffort = ({ argv, command }: CommandEntry): boolean =>
  [...argv, ...(command.resumeArgv ?? [])].some((item) => placeholdersOf(item).includes("effort"))

/** Where a session's prompts are put for a program that reads them from a file. */
export interface PromptFile {
  readonly file: string
  write(text: string): Promise<void>
  remove(): Promise<void>
}

function missing(name: string, program: string): FaultError {
  return new FaultError(
    fault(
      "agent-missing",
      `agent "${name}" cannot be started`,
      `there is no program "${program}" on its PATH`,
      `install it, or correct agents.${name}.argv in the config`,
    ),
  )
}
