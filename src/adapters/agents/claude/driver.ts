/**
 * Drives Claude Code by one `claude -p` process for each session, stream-json both ways (checked with 2.1.329). Permissions are asked through its control
 * protocol; the prompt goes by stdin. The user's own settings and login are used as they are.
 */
import { randomUUID } from "node:crypto"
import { FaultError, fault, type Fault } from "../../../domain/fault.ts"
import type { AgentDriver, AgentSession, OpenRequest, SessionListener } from "../../../worker/ports/agent.ts"
import { readLines } from "../../../runtime/lines.ts"
import { effortName, effortNotTaken } from "../extras.ts"
import type { DriverOptions } from "../options.ts"
import { ProcessGone } from "../json-lines.ts"
import { ClaudeSession } from "./session.ts"

export function openClaudeDriver(options: DriverOptions): AgentDriver {
  return new ClaudeDriver(options)
}

class ClaudeDriver implements AgentDriver {
  readonly #options: DriverOptions
  readonly #sessions = new Set<ClaudeSession>()
  #version: Promise<string | null> | null = null

  constructor(options: DriverOptions) {
    this.#options = options
  }

  async open(request: OpenRequest, listener: SessionListener, signal: AbortSignal): Promise<AgentSession> {
    signal.throwIfAborted()
    const effort = effortName(request.effort)
    if (effort !== null && !efforts.has(effort)) listener.said(effortNotTaken(this.#options.entry.name, effort, `claude knows ${[...efforts].join(", ")}`))
    this.#version ??= this.#readVersion(request)
    const version = await this.#version
    // A conversation that it does not know makes claude end at once.
    const resumed = request.resume === null ? null : await this.#start(request, listener, request.resume, version, signal)
    const session = resumed ?? (await this.#start(request, listener, null, version, signal))
    if (session === null) throw new FaultError(this.#fault("it ended before it took a prompt"))
    return session
  }

  /** Null when the process ended by itself though it could be started: with `resume`, that conversation is not known. */
  async #start(
    request: OpenRequest,
    listener: SessionListener,
    resume: string | null,
    agentVersion: string | null,
    signal: AbortSignal,
  ): Promise<ClaudeSession | null> {
    const { children, permissions, graceMs, openTimeoutMs } = this.#options
    const agentSession = resume ?? randomUUID()
    const child = children.start({ argv: this.#argv(request, agentSession, resume !== null), cwd: request.directory, env: this.#environment(request) })
    const opening = new Opening(listener)
    const session = new ClaudeSession({
      child,
      listener: opening.listener,
      agentSession,
      resumed: resume !== null,
      model: request.model ?? this.#options.entry.model,
      mode: this.#mode(),
      agentVersion,
      allowAll: permissions === "allow",
      graceMs,
    })
    this.#sessions.add(session)
    void child.exited.then(() => this.#sessions.delete(session))
    const limited = AbortSignal.any([signal, AbortSignal.timeout(openTimeoutMs)])
    const giveUp = (): void => void session.close()
    limited.addEventListener("abort", giveUp, { once: true })
    if (limited.aborted) giveUp()
    try {
      await session.initialize()
      limited.throwIfAborted()
      opening.done = true
      return session
    } catch (error) {
      await session.close()
      signal.throwIfAborted()
      const { failure } = await child.exited
      if (error instanceof ProcessGone && failure === null && resume !== null && !limited.aborted) return null
      throw new FaultError(this.#fault(limited.aborted ? `it did not open a session within ${openTimeoutMs} ms` : (error as Error).message), { cause: error })
    } finally {
      limited.removeEventListener("abort", giveUp)
    }
  }

  #argv(request: OpenRequest, agentSession: string, resume: boolean): [string, ...string[]] {
    const { entry } = this.#options
    const model = request.model ?? entry.model
    const effort = effortName(request.effort)
    return [
      ...entry.argv,
      ...streaming,
      `--permission-mode=${this.#mode()}`,
      // One word each, so that a value from elsewhere can never be read as a flag.
      `--${resume ? "resume" : "session-id"}=${agentSession}`,
      ...(model === null ? [] : [`--model=${model}`]),
      ...(effort === null || !efforts.has(effort) ? [] : [`--effort=${effort}`]),
    ]
  }

  #mode(): string {
    const { entry, permissions } = this.#options
    return permissions === "allow" ? "bypassPermissions" : (entry.mode ?? "default")
  }

  #environment(request: OpenRequest): Record<string, string> {
    const asRoot = process.getuid?.() === 0 && this.#options.permissions === "allow"
    // As root, claude refuses to run without asking, unless it is told that it is in a sandbox.
    return { ...request.environment, ...this.#options.entry.env, ...(asRoot ? { IS_SANDBOX: "1" } : {}) }
  }

  async #readVersion(request: OpenRequest): Promise<string | null> {
    const { entry, children, graceMs, openTimeoutMs } = this.#options
    const child = children.start({ argv: [...entry.argv, "--version"], cwd: request.directory, env: this.#environment(request) })
    let version: string | null = null
    child.stdin.end()
    child.stderr.resume()
    const timeout = setTimeout(() => void child.end(graceMs), openTimeoutMs)
    await readLines(child.stdout, 200, (line) => (version ??= /\d+\.\d+\.\d+\S*/.exec(line.text)?.[0] ?? null))
    await child.exited
    clearTimeout(timeout)
    return version
  }

  #fault(why: string): Fault {
    const { name, argv } = this.#options.entry
    return fault("agent-not-started", `${name} cannot open a session`, why, `see that "${argv.join(" ")}" starts in a terminal, and log in there with /login`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => session.close()))
  }
}

/** Of `claude --help`; any other it leaves out without a word. */
const efforts: ReadonlySet<string> = new Set(["low", "medium", "high", "xhigh", "max"])

const streaming = ["-p", "--input-format=stream-json", "--output-format=stream-json", "--verbose", "--replay-user-messages", "--permission-prompt-tool=stdio"]

/** Keeps the end of a process that never opened a session from being told as a death of the session. */
class Opening {
  done = false
  readonly listener: SessionListener
  constructor(of: SessionListener) {
    this.listener = {
      started: () => of.started(),
      said: (chunk) => of.said(chunk),
      asked: (request) => of.asked(request),
      withdrawn: (permission) => of.withdrawn(permission),
      used: (usage) => of.used(usage),
      died: (message) => {
        if (this.done) of.died(message)
      },
    }
  }
}
