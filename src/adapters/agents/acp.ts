/**
 * Drives every agent that speaks the Agent Client Protocol (protocol version 1, https://agentclientprotocol.com) over stdio.
 * One process for each session, or one for all where the entry says `shared`: started at the first open, ended with the last session.
 */
import type { AgentDriver, AgentSession, OpenRequest, SessionListener } from "../../worker/ports/agent.ts"
import { tooSlow } from "./acp/faults.ts"
import { openSession } from "./acp/open.ts"
import { startProcess, type AcpProcess } from "./acp/process.ts"
import type { AcpSession } from "./acp/session.ts"
import type { DriverOptions } from "./options.ts"
import { unlessAborted } from "./unless-aborted.ts"

export function openAcpDriver(options: DriverOptions): AgentDriver {
  return new AcpDriver(options)
}

class AcpDriver implements AgentDriver {
  readonly #options: DriverOptions
  readonly #sessions = new Set<AcpSession>()
  readonly #stopping = new AbortController()
  #shared: SharedProcess | null = null

  constructor(options: DriverOptions) {
    this.#options = options
  }

  async open(request: OpenRequest, listener: SessionListener, signal: AbortSignal): Promise<AgentSession> {
    const timeout = AbortSignal.timeout(this.#options.openTimeoutMs)
    const limit = AbortSignal.any([signal, this.#stopping.signal, timeout])
    const lease = this.#options.entry.shared ? this.#leaseShared(request) : this.#leaseOwn(request, limit)
    const open = async (): Promise<AcpSession> => {
      const session: AcpSession = await openSession(await lease.process, request, listener, this.#options, limit, async () => {
        this.#sessions.delete(session)
        await lease.release()
      })
      this.#sessions.add(session)
      return session
    }
    try {
      return await unlessAborted(limit, open())
    } catch (error) {
      await lease.release()
      throw timeout.aborted && !signal.aborted ? tooSlow(this.#options.entry, this.#options.openTimeoutMs) : error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort(new Error("the driver was closed"))
    await Promise.all([...this.#sessions].map((session) => session.close()))
    await this.#shared?.end()
  }

  #leaseOwn(request: OpenRequest, signal: AbortSignal): Lease {
    const process = startProcess(this.#options, request, signal)
    return { process, release: () => process.then((started) => started.end()).catch(() => undefined) }
  }

  #leaseShared(request: OpenRequest): Lease {
    if (this.#shared === null || this.#shared.over) this.#shared = new SharedProcess(startProcess(this.#options, request, this.#stopping.signal))
    return this.#shared.lease()
  }
}

interface Lease {
  readonly process: Promise<AcpProcess>
  /** Safe to call twice. */
  release(): Promise<void>
}

/** A process with a count of those who need it. */
class SharedProcess {
  readonly #process: Promise<AcpProcess>
  #leases = 0
  #over = false

  constructor(process: Promise<AcpProcess>) {
    this.#process = process
    void process.then(
      (started) => started.gone.then(() => (this.#over = true)),
      () => (this.#over = true),
    )
  }

  /** It has ended or is ending: nobody new may lease it. */
  get over(): boolean {
    return this.#over
  }

  lease(): Lease {
    this.#leases++
    let released = false
    const release = async (): Promise<void> => {
      if (released) return
      released = true
      if (--this.#leases === 0) await this.end()
    }
    return { process: this.#process, release }
  }

  async end(): Promise<void> {
    this.#over = true
    await this.#process.then((started) => started.end()).catch(() => undefined)
  }
}
