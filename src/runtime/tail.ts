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
  /** Cut only when it is twice too long: cutting copies, and a flood comes in small pieces. */
  add(chunk: string): void {
    this.#text += chunk
    if (this.#text.length > this.#charsMax * 2) this.#text = this.toString()
  }
  toString(): string {
    return this.#text.length > this.#charsMax ? this.#text.slice(-this.#charsMax) : this.#text
  }
}
