/** One `opencode serve` process (checked with 1.18.33): started on a free port of loopback with a password of its own, heard by one connection for all its directories. */
import { randomBytes } from "node:crypto"
import { readFile } from "node:fs/promises"
import { createServer, type AddressInfo } from "node:net"
import { setTimeout as delay } from "node:timers/promises"
import type { Child } from "../../../runtime/children.ts"
import { readLines } from "../../../runtime/lines.ts"
import { Tail } from "../../../runtime/tail.ts"
import type { DriverOptions } from "../options.ts"
import { record, text, textOrNull, type Json } from "../fields.ts"
import { Api } from "./api.ts"
import { serverVariable } from "./plugin.ts"

/** A session, as its server sees it. */
export interface Guest {
  /** An event of any session. */
  heard(type: string, properties: Json): void
  /** Events may have been missed: what is so has to be read. */
  resync(): void
  /** The process is gone though nobody asked. */
  died(reason: string): void
  /** No turn runs, so that it can go on elsewhere. */
  readonly rests: boolean
  /** Its server is given up: at its next prompt it needs another. */
  leave(): void
}

export interface Server {
  readonly id: string
  readonly api: Api
  readonly version: string | null
  readonly environment: Readonly<Record<string, string>>
  /** What Fleet added to it for the server alone. */
  readonly settings: Readonly<Record<string, string>>
  readonly guests: Set<Guest>
  /** Resolves with the reason when the process has ended. */
  readonly gone: Promise<string>
  /** Null when it cannot be told. */
  residentBytes(): Promise<number | null>
  end(): Promise<void>
}

const lineCharsMax = 10_000
const stderrCharsMax = 2_000
const reconnectMs = 250
const disposeMs = 2_000

/** `environment` and `settings` are that of the process; the driver has put the plugin into its config. Rejects when it does not come up. */
export async function startServer(
  options: DriverOptions,
  environment: Readonly<Record<string, string>>,
  settings: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Server> {
  signal.throwIfAborted()
  const { entry, children, stateDirectory } = options
  const id = randomBytes(6).toString("hex")
  const password = randomBytes(24).toString("hex")
  const port = await freePort()
  const argv: [string, ...string[]] = [...entry.argv, "--hostname", "127.0.0.1", "--port", String(port)]
  const child = children.start({ argv, cwd: stateDirectory, env: { ...environment, ...settings, OPENCODE_SERVER_PASSWORD: password, [serverVariable]: id } })
  const api = new Api(`http://127.0.0.1:${port}`, password)
  const running = new Running(id, child, api, environment, settings, options.graceMs)
  try {
    await Promise.race([running.listening, running.gone.then(rejectWith), aborted(signal)])
    running.version = textOrNull(record(await api.get("/global/health", null))["version"])
    await Promise.race([running.connect(), running.gone.then(rejectWith), aborted(signal)])
    return running
  } catch (error) {
    await running.end()
    throw error
  }
}

class Running implements Server {
  readonly id: string
  readonly api: Api
  readonly environment: Readonly<Record<string, string>>
  readonly settings: Readonly<Record<string, string>>
  readonly guests = new Set<Guest>()
  readonly listening: Promise<void>
  readonly gone: Promise<string>
  version: string | null = null
  readonly #child: Child
  readonly #graceMs: number
  readonly #over = new AbortController()
  #ending: Promise<void> | null = null

  constructor(id: string, child: Child, api: Api, environment: Readonly<Record<string, string>>, settings: Readonly<Record<string, string>>, graceMs: number) {
    this.settings = settings
    this.id = id
    this.#child = child
    this.api = api
    this.environment = environment
    this.#graceMs = graceMs
    child.stdin.end()
    const stderr = new Tail(stderrCharsMax).follow(child.stderr)
    const listening = Promise.withResolvers<void>()
    this.listening = listening.promise
    void readLines(child.stdout, lineCharsMax, (line) => {
      if (line.text.includes("listening on")) listening.resolve()
    })
    this.gone = child.exited.then((exit) => {
      this.#over.abort()
      if (exit.failure !== null) return exit.failure.message
      const how = `opencode serve ended (${exit.signal ?? `exit code ${exit.code}`})`
      const said = stderr.toString().trim()
      return said === "" ? how : `${how}: ${said.slice(-500)}`
    })
    void this.gone.then((reason) => {
      if (this.#ending === null) for (const guest of this.guests) guest.died(reason)
    })
  }

  /** Resolves when events arrive for the first time; from then on the connection is made anew as often as it ends. */
  connect(): Promise<void> {
    const first = Promise.withResolvers<void>()
    const connected = (): void => {
      first.resolve()
      for (const guest of this.guests) guest.resync()
    }
    void this.#listen(connected)
    return first.promise
  }

  async #listen(connected: () => void): Promise<void> {
    const { signal } = this.#over
    while (!signal.aborted) {
      // However it ended, what was missed is read when there is a new one.
      await this.api.listen(connected, (event) => this.#heard(event), signal).catch(() => undefined)
      await delay(reconnectMs, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }

  #heard(event: Json): void {
    for (const guest of this.guests) guest.heard(text(event["type"]), record(event["properties"]))
  }

  async residentBytes(): Promise<number | null> {
    const status = await readFile(`/proc/${this.#child.pid}/status`, "utf8").catch(() => "")
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
    return kilobytes === undefined ? null : Number(kilobytes) * 1024
  }

  end(): Promise<void> {
    this.#ending ??= this.#end()
    return this.#ending
  }

  async #end(): Promise<void> {
    // Its MCP servers end with its instances, not with its process group.
    if (this.version !== null && !this.#over.signal.aborted) await this.api.post("/global/dispose", null, {}, disposeMs).catch(() => undefined)
    this.#over.abort()
    await this.#child.end(this.#graceMs)
    await this.gone
  }
}

/** opencode's own `--port 0` tries 4096 first, for all servers at once. */
async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => probe.once("error", reject).listen(0, "127.0.0.1", resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

function rejectWith(reason: string): never {
  throw new Error(reason)
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error("aborted"))
    if (signal.aborted) abort()
    else signal.addEventListener("abort", abort, { once: true })
  })
}
