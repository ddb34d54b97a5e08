/** A receiver of webhooks: a real server on loopback that checks signatures, and fails, hangs, redirects and restarts as it is told. */
import { once } from "node:events"
import http from "node:http"
import type { AddressInfo } from "node:net"
import { text } from "node:stream/consumers"
import { Webhook } from "standardwebhooks"

export interface Received {
  readonly id: string
  readonly type: string
  readonly number: number
  readonly envelope: Record<string, unknown>
}
export type Behaviour = "takes" | "hangs" | { readonly status: number; readonly headers?: Record<string, string> }

export class Receiver implements AsyncDisposable {
  readonly received: Received[] = []
  /** Every try, also of what it did not take. */
  readonly tries: string[] = []
  behaves: Behaviour = "takes"
  /** As it came. */
  last: { readonly headers: Record<string, string>; readonly body: string } | null = null
  readonly #secret: string
  #server: http.Server | null = null
  #port = 0
  readonly #waiting: { count: number; of: "received" | "tries"; resolve: () => void }[] = []

  constructor(secret: string) {
    this.#secret = secret
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/hook`
  }

  async start(): Promise<this> {
    this.#server = http.createServer((request, response) => void this.#hear(request, response))
    this.#server.listen(this.#port, "127.0.0.1")
    await once(this.#server, "listening")
    this.#port = (this.#server.address() as AddressInfo).port
    return this
  }

  /** Connections are cut off; the port stays ours for `start`. */
  async stop(): Promise<void> {
    const server = this.#server
    this.#server = null
    if (server === null) return
    server.close()
    server.closeAllConnections()
    await once(server, "close")
  }

  until(of: "received" | "tries", count: number): Promise<void> {
    return this[of].length >= count ? Promise.resolve() : new Promise((resolve) => this.#waiting.push({ count, of, resolve }))
  }

  async #hear(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = await text(request).catch(() => null)
    if (body === null) return
    const id = String(request.headers["webhook-id"])
    if (!this.#isSigned(id, request.headers, body)) return void response.writeHead(401).end()
    const envelope = JSON.parse(body) as { type: string; data: { number: number } } & Record<string, unknown>
    const { behaves } = this
    this.tries.push(id)
    if (behaves === "takes") {
      this.last = { headers: request.headers as Record<string, string>, body }
      this.received.push({ id, type: envelope.type, number: envelope.data.number, envelope })
      response.writeHead(204).end()
    } else if (behaves !== "hangs") response.writeHead(behaves.status, behaves.headers).end("no")
    for (const entry of this.#waiting) if (this[entry.of].length >= entry.count) entry.resolve()
  }

  /** How old it is does not count: in tests time passes as they say. */
  #isSigned(id: string, headers: http.IncomingHttpHeaders, body: string): boolean {
    const at = new Date(Number(headers["webhook-timestamp"]) * 1_000)
    return headers["webhook-signature"] === new Webhook(this.#secret).sign(id, at, body)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}
