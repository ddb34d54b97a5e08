/** JSON-RPC by lines with one `codex app-server` process. Knows requests and answers, not what they are about. */
import type { Child } from "../../../runtime/children.ts"
import { number, record, text, type Json } from "../fields.ts"
import { JsonLines } from "../json-lines.ts"

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

export class Peer {
  readonly #lines: JsonLines
  #nextId = 1

  constructor(child: Child, events: PeerEvents) {
    this.#lines = new JsonLines("codex app-server", child, { message: (message) => this.#take(message, events), garbled: (what) => events.garbled(what) })
  }

  /** Resolves with the reason when no answer can come any more. */
  get gone(): Promise<string> {
    return this.#lines.gone
  }

  request(method: string, params: object): Promise<Json> {
    const id = this.#nextId++
    return this.#lines.ask(id, { id, method, params })
  }

  notify(method: string): void {
    this.#lines.send({ method })
  }

  respond(id: RequestId, result: object): void {
    this.#lines.send({ id, result })
  }

  refuse(id: RequestId, message: string): void {
    this.#lines.send({ id, error: { code: -32601, message } })
  }

  #take(message: Json, events: PeerEvents): void {
    const { id, method, params, error, result } = message
    if (typeof method === "string") {
      if (typeof id === "string" || typeof id === "number") events.requested(id, method, record(params))
      else events.notified(method, record(params))
    } else if (typeof id === "number") {
      if (error === undefined) this.#lines.answered(id, record(result))
      else this.#lines.failed(id, new RpcError(number(record(error)["code"]), text(record(error)["message"])))
    }
  }
}
