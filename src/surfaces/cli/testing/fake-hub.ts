/** A hub that serves canned views over a unix socket, and remembers what it was asked. */
import http from "node:http"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import type { Fault } from "../../../domain/fault.ts"
import type { RunView } from "../../../protocol/views.ts"
import { socketOf } from "../client.ts"
import { hubView } from "./views.ts"

export interface Asked {
  readonly method: string
  readonly path: string
  readonly body: unknown
}
type Answer = { readonly status?: number; readonly body: object }
export type Routes = Readonly<Record<string, (body: unknown) => Answer>>

const nothing = (): Answer => ({ body: { items: [] } })

export class FakeHub implements AsyncDisposable {
  readonly home: string
  readonly asked: Asked[] = []
  readonly #server: http.Server
  readonly #streams = new Set<http.ServerResponse>()
  #live: readonly string[] = []

  static async start(routes: Routes = {}): Promise<FakeHub> {
    const home = await mkdtemp(path.join(tmpdir(), "fleet-cli-"))
    const hub = new FakeHub(home, { "GET /v1/hub": () => ({ body: hubView(home) }), "GET /v1/sessions": nothing, "GET /v1/callbacks": nothing, ...routes })
    await new Promise<void>((resolve) => hub.#server.listen(socketOf(home), resolve))
    return hub
  }

  private constructor(home: string, routes: Routes) {
    this.home = home
    this.#server = http.createServer((request, response) => void this.#answer(routes, request, response))
  }

  /** What `/live` sends from now on: each run in turn, and `end` after the last that has settled. */
  plays(...runs: readonly RunView[]): this {
    const events = runs.map((run) => `event: run\ndata: ${JSON.stringify(run)}\n\n`)
    const settled = runs.at(-1)?.endedAt !== null
    this.#live = settled ? [...events, `event: end\ndata: {}\n\n`] : events
    return this
  }

  /** As when a hub is killed and another takes its place at once. */
  breakStreams(): void {
    for (const stream of this.#streams) stream.destroy()
    this.#streams.clear()
  }

  async #answer(routes: Routes, request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const asked = { method: request.method ?? "", path: request.url ?? "", body: text === "" ? null : (JSON.parse(text) as unknown) }
    this.asked.push(asked)
    const route = `${asked.method} ${asked.path.split("?")[0] ?? ""}`
    if (route.endsWith("/live")) return this.#stream(response)
    const answer = routes[route]?.(asked.body) ?? { status: 404, body: problem("not-found", `no ${route}`) }
    response.writeHead(answer.status ?? 200, { "content-type": "application/json" }).end(JSON.stringify({ schema_version: 1, ...answer.body }))
  }

  #stream(response: http.ServerResponse): void {
    this.#streams.add(response)
    response.writeHead(200, { "content-type": "text/event-stream" })
    for (const event of this.#live) response.write(event)
    if (this.#live.at(-1)?.startsWith("event: end") === true) response.end()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.breakStreams()
    await new Promise((resolve) => this.#server.close(resolve))
    await rm(this.home, { recursive: true, force: true })
  }
}

export const problem = (code: string, what: string): Fault => ({ code, what, why: "because", fix: "do something else" })
