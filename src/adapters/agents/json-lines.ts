/** JSON objects, one a line, with one agent process over its own stdio, and requests that wait for their answers. What the objects mean is the driver's. */
import type { Child } from "../../runtime/children.ts"
import { readLines } from "../../runtime/lines.ts"
import { Tail } from "../../runtime/tail.ts"
import { parseLine, type Json } from "./fields.ts"

export interface LineEvents {
  message(line: Json): void
  /** A line that was too long or no JSON, and is lost. */
  garbled(what: string): void
}

/** The process is gone, or its output ended. */
export class ProcessGone extends Error {}

const lineCharsMax = 16 * 1024 * 1024
const stderrCharsMax = 2_000

export class JsonLines {
  readonly #name: string
  readonly #child: Child
  readonly #waiting = new Map<string | number, PromiseWithResolvers<Json>>()
  readonly #stderr: Tail
  /** Resolves with the reason when nothing more can come. */
  readonly gone: Promise<string>

  /** `name` is what the process is called in the reason of its end. */
  constructor(name: string, child: Child, events: LineEvents) {
    this.#name = name
    this.#child = child
    this.#stderr = new Tail(stderrCharsMax).follow(child.stderr)
    const read = readLines(child.stdout, lineCharsMax, (line) => {
      const message = line.cut ? null : parseLine(line.text)
      if (message !== null) events.message(message)
      else events.garbled(line.cut ? `a line of more than ${lineCharsMax} characters` : `a line that is no JSON: ${line.text.slice(0, 200)}`)
    })
    this.gone = this.#watch(read)
  }

  send(message: object): void {
    if (this.#child.stdin.writable) this.#child.stdin.write(`${JSON.stringify(message)}\n`)
  }

  /** Sends a request and resolves with what `answered` is given for its id; rejects with what `failed` is given, or when the process is gone. */
  async ask(id: string | number, request: object): Promise<Json> {
    const answer = Promise.withResolvers<Json>()
    this.#waiting.set(id, answer)
    this.send(request)
    const gone = this.gone.then((reason): never => {
      throw new ProcessGone(reason)
    })
    try {
      return await Promise.race([answer.promise, gone])
    } finally {
      this.#waiting.delete(id)
    }
  }

  answered(id: string | number, answer: Json): void {
    this.#waiting.get(id)?.resolve(answer)
  }

  failed(id: string | number, error: Error): void {
    this.#waiting.get(id)?.reject(error)
  }

  async #watch(read: Promise<void>): Promise<string> {
    await read
    // Its output ended: it is gone, or it will never say anything again.
    const exit = await this.#child.end(0)
    if (exit.failure !== null) return exit.failure.message
    const how = exit.signal === null ? `exit code ${exit.code}` : exit.signal
    const said = this.#stderr.toString().trim()
    return said === "" ? `${this.#name} ended (${how})` : `${this.#name} ended (${how}): ${said}`
  }
}
