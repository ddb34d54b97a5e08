/** JSON lines with one `claude` process: messages both ways, and control requests with their answers. */
import type { Child } from "../../../runtime/children.ts"
import { readLines } from "../../../runtime/lines.ts"
import { Tail } from "../../../runtime/tail.ts"
import { parseLine, record, text, type Json } from "../fields.ts"

export interface ConnectionEvents {
  message(line: Json): void
  /** The process asks; somebody must `respond` to that id. */
  requested(id: string, request: Json): void
  /** The process asks no longer. */
  cancelled(id: string): void
  /** A line that was too long or no JSON, and is lost. */
  garbled(what: string): void
}
/** The process is gone, or its output ended. */
export class ConnectionGone extends Error {}

const lineCharsMax = 16 * 1024 * 1024
const stderrCharsMax = 2_000

export class Connection {
  readonly #child: Child
  readonly #waiting = new Map<string, PromiseWithResolvers<Json>>()
  readonly #stderr: Tail
  #nextId = 1
  /** Resolves with the reason when nothing more can come. */
  readonly gone: Promise<string>

  constructor(child: Child, events: ConnectionEvents) {
    this.#child = child
    this.#stderr = new Tail(stderrCharsMax).follow(child.stderr)
    const read = readLines(child.stdout, lineCharsMax, (line) => {
      const message = line.cut ? null : parseLine(line.text)
      if (message !== null) this.#take(message, events)
      else events.garbled(line.cut ? `a line of more than ${lineCharsMax} characters` : `a line that is no JSON: ${line.text.slice(0, 200)}`)
    })
    this.gone = this.#watch(read)
  }

  send(message: object): void {
    if (this.#child.stdin.writable) this.#child.stdin.write(`${JSON.stringify(message)}\n`)
  }

  /** Resolves with the answer; rejects when it is an error or the process is gone. */
  async request(request: { readonly subtype: string; readonly [field: string]: unknown }): Promise<Json> {
    const id = `fleet-${this.#nextId++}`
    const answer = Promise.withResolvers<Json>()
    this.#waiting.set(id, answer)
    this.send({ type: "control_request", request_id: id, request })
    const gone = this.gone.then((reason): never => {
      throw new ConnectionGone(reason)
    })
    try {
      return await Promise.race([answer.promise, gone])
    } finally {
      this.#waiting.delete(id)
    }
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
        const waiting = this.#waiting.get(text(response["request_id"]))
        if (response["subtype"] === "success") waiting?.resolve(record(response["response"]))
        else waiting?.reject(new Error(text(response["error"])))
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

  async #watch(read: Promise<void>): Promise<string> {
    await read
    // Its output ended: it is gone, or will be unable to say anything.
    const exit = await this.#child.end(0)
    if (exit.failure !== null) return exit.failure.message
    const how = exit.signal === null ? `exit code ${exit.code}` : exit.signal
    const said = this.#stderr.toString().trim()
    return said === "" ? `claude ended (${how})` : `claude ended (${how}): ${said}`
  }
}
