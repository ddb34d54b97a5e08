/** The Fleet API for tests, by TCP and plain fetch, as Wire process of the machine would call it. */
import http from "node:http"
import { Readable } from "node:stream"
import { readServerEvents } from "../../src/surfaces/cli/server-events.ts"
import { eventually } from "../eventually.ts"
import type { Scenario } from "./scenario.ts"

/** JSON from the wire: what is in it is for the expectations to say. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Wire = any

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Of the body; undefined when it is empty. */
  readonly json: Wire
}

export interface Child {
  readonly instanceId: string
  readonly workspaceId: string
  readonly session: { readonly id: string; readonly directory: string; readonly title: string }
}

export class Api {
  readonly #fleet: Scenario
  constructor(fleet: Scenario) {
    this.#fleet = fleet
  }

  async url(path: string): Promise<string> {
    const { port } = await this.#fleet.client.hub()
    return `http://127.0.0.1:${port}/api${path}`
  }

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const sent = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }
    const response = await fetch(await this.url(path), {
      method,
      ...sent,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, json: parsed(text) }
  }

  /** By the unix socket, which only the person can open, and which has no limit of requests a second. */
  asOwner(method: string, path: string, body?: unknown): Promise<Pick<Answer, "status" | "text" | "json">> {
    const { socket: socketPath } = this.#fleet.client
    return new Promise((resolve, reject) => {
      const headers = { host: "localhost", "content-type": "application/json" }
      const request = http.request({ socketPath, path: `/api${path}`, method, headers }, (response) => {
        const chunks: Buffer[] = []
        response.on("data", (chunk: Buffer) => chunks.push(chunk))
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString()
          resolve({ status: response.statusCode ?? 0, text, json: parsed(text) })
        })
      })
      request.on("error", reject)
      request.end(body === undefined || typeof body === "string" ? body : JSON.stringify(body))
    })
  }

  get = (path: string): Promise<Answer> => this.call("GET", path)

  /** Of a call that must succeed. */
  async ok(method: string, path: string, body?: unknown): Promise<Wire> {
    const answer = await this.call(method, path, body)
    if (answer.status > 299)
      throw new Error(`${method} ${path}: ${answer.status} ${answer.text}\n${await this.#fleet.log("hub")}\n${await this.#fleet.log("worker")}`)
    return answer.json
  }

  create(more: Record<string, unknown> = {}): Promise<Child> {
    return this.ok("POST", "/sessions", { directory: this.#fleet.repo.path, ...more })
  }

  /** A child in a worktree that tells its conductor. */
  child(conductor: Child, title: string, more: Record<string, unknown> = {}): Promise<Child> {
    const onComplete = { notifySessionId: conductor.session.id, notifyInstanceId: conductor.instanceId }
    return this.create({ title, isolationStrategy: "worktree", onComplete, ...more })
  }

  async prompt(of: Child, text: string): Promise<void> {
    await this.ok("POST", `/sessions/${of.session.id}/prompt`, { instanceId: of.instanceId, text })
  }

  /** The list's item of a session. */
  async item(of: Child): Promise<Wire> {
    return ((await this.ok("GET", "/sessions")) as Wire[]).find((one) => one.workspaceId === of.workspaceId)
  }

  /** Texts that a session's agent was given, in order. */
  async prompts(of: Child): Promise<string[]> {
    const { messages } = await this.ok("GET", `/sessions/${of.session.id}/messages?limit=200`)
    return messages.filter((one: Wire) => one.info.role === "user").map((one: Wire) => one.parts.map((part: Wire) => part.text).join(""))
  }

  callbacks = async (of: Child): Promise<string[]> => (await this.prompts(of)).filter((text) => text.startsWith("[Fleet Callback]"))

  /** Waits for as many callbacks in a conductor's conversation; they. */
  called(of: Child, count = 1): Promise<string[]> {
    return this.#see(`${count} callbacks`, async () => {
      const callbacks = await this.callbacks(of).catch(() => [])
      return callbacks.length >= count && callbacks
    })
  }

  /** Waits for the list to show a session so. */
  until(of: Child, wanted: (item: Wire) => boolean): Promise<Wire> {
    return this.#see("the session is as wanted", async () => {
      const item = await this.item(of).catch(() => undefined)
      return item !== undefined && wanted(item) && item
    })
  }

  idle = (of: Child): Promise<Wire> => this.until(of, (item) => item.activityStatus === "idle" || item.sessionStatus === "error")

  /** Data of server-sent events, as they come. */
  async *stream(path: string, signal: AbortSignal): AsyncGenerator<Wire> {
    const response = await fetch(await this.url(path), { signal, headers: { accept: "text/event-stream" } })
    if (response.status !== 200 || response.body === null) throw new Error(`${path}: ${response.status}`)
    for await (const event of readServerEvents(Readable.fromWeb(response.body as never))) yield JSON.parse(event.data)
  }

  async #see<T>(what: string, look: () => Promise<T>): Promise<NonNullable<Exclude<T, false>>> {
    try {
      return await eventually(what, look, 60_000)
    } catch (error) {
      const list = await this.get("/sessions").catch(() => null)
      throw new Error(`${String(error)}\n${list?.text ?? ""}\n${await this.#fleet.log("hub")}\n${await this.#fleet.log("worker")}`, { cause: error })
    }
  }
}

const parsed = (text: string): Wire => (text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : undefined)
