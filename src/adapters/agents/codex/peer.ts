/** JSON-RPC by lines with one `codex app-server` process. Knows requests and answers, not what they are about. */
import { readLines } from "../../../runtime/lines.ts"
import { Tail } from "../../../runtime/tail.ts"
import type { Child } from "../../../runtime/children.ts"
import { number, parseLine, record, text, type Json } from "../fields.ts"

export interface PeerEvents {
  notified(method: string, params: Json): void
  /** The process asks; somebody must `respond` to that id. */
  requested(id: RequestId, method: string, params: Json): void
  /** A line that was too long or no JSON, and is lost. */
  garbled(what: string): void
}
export type RequestId = string | number

/** The process answered a request with an error. */
export class RpcError extends Error {
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}
/** The process is gone, or its output ended. */
export class PeerGone extends Error {}

const lineCharsMax = 16 * 1024 * 1024
const stderrCharsMax = 2_000

export class Peer {
  readonly #child: Child
  readonly #waiting = new Map<number, PromiseWithResolvers<Json>>()
  readonly #stderr: Tail
  #nextId = 1
  /** Resolves with the reason when no answer can come any more. */
  readonly gone: Promise<string>

  constructor(child: Child, events: PeerEvents) {
    this.#child = child
    this.#stderr = new Tail(stderrCharsMax).follow(child.stderr)
    const read = readLines(child.stdout, lineCharsMax, (line) => {
      const message = line.cut ? null : parseLine(line.text)
      if (message !== null) this.#take(message, events)
      else events.garbled(line.cut ? `a line of more than ${lineCharsMax} characters` : `a line that is no JSON: ${line.text.slice(0, 200)}`)
    })
    this.gone = this.#watch(read)
  }

  async request(method: string, params: object): Promise<Json> {
    const id = this.#nextId++
    const answer = Promise.withResolvers<Json>()
    this.#waiting.set(id, answer)
    this.#send({ id, method, params })
    const gone = this.gone.then((reason): never => {
      throw new PeerGone(reason)
    })
    try {
      return await Promise.race([answer.promise, gone])
    } finally {
      this.#waiting.delete(id)
    }
  }

  notify(method: string): void {
    this.#send({ method })
  }

  respond(id: RequestId, result: object): void {
    this.#send({ id, result })
  }

  refuse(id: RequestId, message: string): void {
    this.#send({ id, error: { code: -32601, message } })
  }

  #send(message: object): void {
    if (this.#child.stdin.writable) this.#child.stdin.write(`${JSON.stringify(message)}\n`)
  }

  #take(message: Json, events: PeerEvents): void {
    const { id, method, params, error, result } = message
    if (typeof method === "string") {
      if (typeof id === "string" || typeof id === "number") events.requested(id, method, record(params))
      else events.notified(method, record(params))
    } else if (typeof id === "number") {
      const waiting = this.#waiting.get(id)
      if (error === undefined) waiting?.resolve(record(result))
      else waiting?.reject(new RpcError(number(record(error)["code"]), text(record(error)["message"])))
    }
  }

  async #watch(read: Promise<void>): Promise<string> {
    await read
    // Its output ended: it is gone, or it will never answer again.
    const exit = await this.#child.end(0)
    if (exit.failure !== null) return exit.failure.message
    const how = exit.signal === null ? `exit code ${exit.code}` : exit.signal
    const said = this.#stderr.toString().trim()
    return said === "" ? `codex app-server ended (${how})` : `codex app-server ended (${how}): ${said}`
  }
}
