/** Answers requests by a hub's unix socket or loopback port. Resolves when the head of the answer is there. */
import http from "node:http"
import { Readable } from "node:stream"
import { fault, FaultError } from "../../domain/fault.ts"
import type { Fetch } from "./over-http.ts"

export type Door = { readonly socketPath: string } | { readonly host: string; readonly port: number }

/** `token`: sent along as a bearer. */
export function fetchBy(door: Door, token: string | null): Fetch {
  return async (request) => {
    const body = request.body === null ? null : Buffer.from(await request.arrayBuffer())
    const { pathname, search } = new URL(request.url)
    const answer = await open(door, body, {
      path: `${pathname}${search}`,
      method: request.method,
      headers: {
        host: "localhost",
        ...Object.fromEntries(request.headers),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === null ? {} : { "content-length": body.length }),
      },
      agent: false,
      signal: request.signal,
    })
    const status = answer.statusCode ?? 502
    const type = answer.headers["content-type"] ?? "application/json"
    return new Response(bodyless.has(status) ? null : Readable.toWeb(answer), { status, headers: { "content-type": type } })
  }
}

const bodyless = new Set([101, 204, 205, 304])

function open(door: Door, body: Buffer | null, options: http.RequestOptions): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = http.request({ ...door, ...options })
    request.once("response", resolve)
    request.once("error", (error) => reject(unreachable(door, error)))
    request.end(body ?? undefined)
  })
}

/** Nothing listens: absent, and it can be started. Anything else is a hub that went quiet. */
function unreachable(door: Door, error: NodeJS.ErrnoException): FaultError {
  const where = "socketPath" in door ? door.socketPath : `${door.host}:${door.port}`
  const absent = error.code === "ENOENT" || error.code === "ENOTDIR" || error.code === "ECONNREFUSED"
  const of = absent
    ? fault("hub-absent", "no hub is running", `nothing listens on ${where}`, "start it: fleet hub start")
    : fault("hub-silent", "the hub went away before it answered", error.message, "look at it: fleet hub status")
  return new FaultError(of, { cause: error })
}
