/**
 * The scripted model: a server on loopback that speaks the APIs of OpenAI (chat completions, Responses) and Anthropic (Messages), and replies what the markers in
 * the prompt say. It is a fake: no model is behind it. Checked against the real agents of the versions in `test/agents/package.json`, which accept its shapes.
 * Its one piece of state is how often a `[[fail]]` of a prompt has happened; two agents with the same prompt share that count.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { setTimeout as delay } from "node:timers/promises"
import { chat } from "./chat.ts"
import { record, string, type Dialect, type ReplyContext } from "./dialect.ts"
import { messages } from "./messages.ts"
import { replyTo, type Reply, type ReplyFault } from "./reply.ts"
import { responses } from "./responses.ts"

export interface Model extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, without `/v1`. */
  readonly url: string
  /** Every request in order. */
  readonly requests: readonly ModelRequest[]
}
export interface ModelRequest {
  readonly method: string
  readonly path: string
  readonly body: Readonly<Record<string, unknown>>
}

const bodyBytesMax = 32 * 1024 * 1024

export async function startModel(): Promise<Model> {
  const requests: ModelRequest[] = []
  const failed = new Map<string, number>()
  const closing = new AbortController()
  const server = createServer((request, response) => {
    void respond(request, response, { requests, failed, closing: closing.signal }).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { "content-type": "application/json" })
      response.end(JSON.stringify({ error: { message: `scripted model: ${String(error)}`, type: "server_error" } }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      closing.abort()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

interface State {
  readonly requests: ModelRequest[]
  readonly failed: Map<string, number>
  readonly closing: AbortSignal
}

const dialects: readonly (readonly [string, Dialect])[] = [
  ["/chat/completions", chat],
  ["/responses", responses],
  ["/messages", messages],
]

async function respond(request: IncomingMessage, response: ServerResponse, state: State): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://model")
  const body = await bodyOf(request)
  state.requests.push({ method: request.method ?? "", path: pathname, body })
  if (pathname.endsWith("/count_tokens")) return json(response, 200, { input_tokens: 10 })
  if (pathname.endsWith("/models"))
    return json(response, 200, {
      object: "list",
      data: [{ id: "scripted", object: "model", type: "model", display_name: "Scripted", created: 0, owned_by: "fleet" }],
      has_more: false,
    })
  const dialect = request.method === "POST" ? dialects.find(([path]) => pathname.endsWith(path))?.[1] : undefined
  if (dialect === undefined) return json(response, 404, { error: { message: `the scripted model has no ${pathname}`, type: "not_found_error" } })
  const reply = replyTo(dialect.read(body), (key) => state.failed.get(key) ?? 0)
  if (reply.delayMs > 0) await delay(reply.delayMs, undefined, { signal: state.closing, ref: false }).catch(() => undefined)
  await send(dialect, reply, body, response, state)
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > bodyBytesMax) throw new Error("request too large")
    chunks.push(chunk)
  }
  return bytes === 0 ? {} : record(JSON.parse(Buffer.concat(chunks).toString("utf8")))
}

async function send(dialect: Dialect, reply: Reply, body: Record<string, unknown>, response: ServerResponse, state: State): Promise<void> {
  const context: ReplyContext = { id: `${state.requests.length}`.padStart(6, "0"), model: string(body["model"]) || "scripted" }
  if (reply.fault?.kind === "hang") return hang(response, state.closing)
  if (reply.fault?.kind === "fail") return fail(dialect, reply.fault, response, state)
  if (body["stream"] !== true && reply.fault === null) return json(response, 200, dialect.whole(reply, context))
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" })
  const events = reply.fault === null ? dialect.stream(reply, context) : dialect.stream({ ...reply, text: reply.text || "Half an answer" }, context).slice(0, 3)
  for (const { event, data } of events) {
    await flushed(response, `${event === null ? "" : `event: ${event}\n`}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`)
  }
  if (reply.fault === null) response.end()
  else response.destroy()
}

/** Resolves when the text has left: what is destroyed at once would take it along. */
const flushed = (response: ServerResponse, text: string): Promise<void> => new Promise((resolve) => response.write(text, () => resolve()))

/** Never answers; ends when the agent hangs up or the model is disposed. */
function hang(response: ServerResponse, closing: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    response.once("close", resolve)
    closing.addEventListener("abort", () => resolve(), { once: true })
  })
}

function fail(dialect: Dialect, fault: ReplyFault & { kind: "fail" }, response: ServerResponse, state: State): void {
  state.failed.set(fault.key, (state.failed.get(fault.key) ?? 0) + 1)
  const headers = fault.retryAfter === null ? {} : { "retry-after": String(fault.retryAfter) }
  json(response, fault.status, dialect.failure(fault.status, `scripted failure ${fault.status}`), headers)
}

function json(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers })
  response.end(JSON.stringify(body))
}
