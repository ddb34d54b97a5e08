/** Keeps the end of what a stream says, up to a number of characters. */
import type { Readable } from "node:stream"

export class Tail {
  readonly #charsMax: number
  #text = ""
  constructor(charsMax: number) {
    this.#charsMax = charsMax
  }
  follow(stream: Readable): this {
    stream.setEncoding("utf8")
    stream.on("data", (chunk: string) => this.add(chunk))
    stream.on("error", () => undefined)
    return this
  }
  add(chunk: string): void {
    const joined = this.#text + chunk
    this.#text = joined.length > this.#charsMax ? joined.slice(-this.#charsMax) : joined
  }
  toString(): string {
    return this.#text
  }
}
