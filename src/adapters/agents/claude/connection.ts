/** Messages both ways with one `claude` process, and control requests with their answers. */
import type { Child } from "../../../runtime/children.ts"
import { record, text, type Json } from "../fields.ts"
import { JsonLines } from "../json-lines.ts"

export interface ConnectionEvents {
  message(line: Json): void
  /** The process asks; somebody must `respond` to that id. */
  requested(id: string, request: Json): void
  /** The process asks no longer. */
  cancelled(id: string): void
  /** A line that was too long or no JSON, and is lost. */
  garbled(what: string): void
}

export class Connection {
  readonly #lines: JsonLines
  #nextId = 1

  constructor(child: Child, events: ConnectionEvents) {
    this.#lines = new JsonLines("claude", child, { message: (message) => this.#take(message, events), garbled: (what) => events.garbled(what) })
  }

  /** Resolves with the reason when nothing more can come. */
  get gone(): Promise<string> {
    return this.#lines.gone
  }

  send(message: object): void {
    this.#lines.send(message)
  }

  /** Resolves with the answer; rejects when it is an error or the process is gone. */
  request(request: { readonly subtype: string; readonly [field: string]: unknown }): Promise<Json> {
    const id = `fleet-${this.#nextId++}`
    return this.#lines.ask(id, { type: "control_request", request_id: id, request })
  }

  respond(id: string, response: object): void {
    this.send({ type: "control_response", response: { subtype: "success", request_id: id, response } })
  }

  refuse(id: string, error: string): void {
    this.send({ type: "control_response", response: { subtype: "error", request_id: id, error } })
  }

  #take(message: Json, events: ConnectionEvents): void {
    switch (text(message["type"])) {
      case "control_response": {
        const response = record(message["response"])
        const id = text(response["request_id"])
        if (response["subtype"] === "success") this.#lines.answered(id, record(response["response"]))
        else this.#lines.failed(id, new Error(text(response["error"])))
        return
      }
      case "control_request":
        return events.requested(text(message["request_id"]), record(message["request"]))
      case "control_cancel_request":
        return events.cancelled(text(message["request_id"]))
      default:
        return events.message(message)
    }
  }
}
