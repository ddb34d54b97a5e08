/** HTTP and server-sent events with one opencode server on loopback. Knows addresses and limits, not what is said. */
import { record, text, type Json } from "../fields.ts"

/** The server answered, and not well. */
export class ApiError extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** The first request of a directory waits for whoever else prepares the same home. */
const answerMs = 90_000
const eventCharsMax = 16 * 1024 * 1024
/** The server sends a heartbeat every 10 s; a connection that is silent for longer than this is made anew. */
const silenceMs = 45_000

export class Api {
  readonly #url: string
  readonly #headers: Readonly<Record<string, string>>

  constructor(url: string, password: string) {
    this.#url = url
    this.#headers = { authorization: `Basic ${Buffer.from(`opencode:${password}`).toString("base64")}` }
  }

  get(path: string, directory: string | null, limitMs = answerMs): Promise<unknown> {
    return this.#send("GET", path, directory, null, limitMs)
  }

  /** `limitMs` null: for as long as it takes. */
  post(path: string, directory: string | null, body: object, limitMs: number | null = answerMs): Promise<unknown> {
    return this.#send("POST", path, directory, body, limitMs)
  }

  delete(path: string, directory: string): Promise<unknown> {
    return this.#send("DELETE", path, directory, null, answerMs)
  }

  /** Calls `heard` with each event of all directories until the connection ends. `connected` is called when none can be missed any more. */
  async listen(connected: () => void, heard: (event: Json) => void, signal: AbortSignal): Promise<void> {
    const silent = new AbortController()
    let alarm = setTimeout(() => silent.abort(), silenceMs)
    try {
      const response = await fetch(`${this.#url}/global/event`, { headers: this.#headers, signal: AbortSignal.any([signal, silent.signal]) })
      if (!response.ok || response.body === null) throw new ApiError(response.status, "no events")
      let pending = ""
      for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
        clearTimeout(alarm)
        alarm = setTimeout(() => silent.abort(), silenceMs)
        const blocks = `${pending}${piece}`.split("\n\n")
        pending = (blocks.pop() ?? "").slice(-eventCharsMax)
        for (const block of blocks) {
          const event = eventOf(block)
          if (event === null) continue
          if (event["type"] === "server.connected") connected()
          else heard(event)
        }
      }
    } finally {
      clearTimeout(alarm)
    }
  }

  async #send(method: string, path: string, directory: string | null, body: object | null, limitMs: number | null): Promise<unknown> {
    const headers = {
      ...this.#headers,
      // The server decodes it: a header holds no other letters.
      ...(directory === null ? {} : { "x-opencode-directory": encodeURIComponent(directory) }),
      ...(body === null ? {} : { "content-type": "application/json" }),
    }
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers,
      ...(body === null ? {} : { body: JSON.stringify(body) }),
      ...(limitMs === null ? {} : { signal: AbortSignal.timeout(limitMs) }),
    })
    const words = await response.text()
    if (!response.ok) throw new ApiError(response.status, messageOf(words) || `opencode answered ${method} ${path} with status ${response.status}`)
    return words === "" ? null : (JSON.parse(words) as unknown)
  }
}

function eventOf(block: string): Json | null {
  const data = block
    .split("\n")
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(5))
    .join("\n")
  const payload = record(record(parsed(data))["payload"])
  return text(payload["type"]) === "" ? null : payload
}

function messageOf(words: string): string {
  const body = record(parsed(words))
  return text(record(body["data"])["message"]) || text(body["message"])
}

function parsed(words: string): unknown {
  try {
    return JSON.parse(words) as unknown
  } catch {
    return null
  }
}
