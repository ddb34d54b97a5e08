/** Posts to webhooks by HTTP: signed by Standard Webhooks, to where it may go, once, in bounded time, following nothing. */
import http from "node:http"
import https from "node:https"
import { isIP } from "node:net"
import { Webhook } from "standardwebhooks"
import type { Message, Posted, Posts } from "../../engine/ports/posts.ts"
import { guardedLookup, mayReach, UnreachableAddress } from "./addresses.ts"

export interface HttpPostsParts {
  readonly privateAddresses: boolean
  /** Of Fleet, for the User-Agent. */
  readonly version: string
  /** From the connection to the end of the answer's head. */
  readonly limitMs?: number
}

const limitMsDefault = 15_000
const answerBytesMax = 64 * 1024
const retryAfterMsMax = 60 * 60_000

export function httpPosts(parts: HttpPostsParts): Posts {
  return {
    post: async (message, signal) => {
      const limit = AbortSignal.timeout(parts.limitMs ?? limitMsDefault)
      try {
        return await send(message, parts, AbortSignal.any([signal, limit]))
      } catch (error) {
        signal.throwIfAborted()
        return { how: "failed", why: limit.aborted ? "it did not answer in time" : sayWhy(error), retryAfterMs: null }
      }
    },
  }
}

function send(message: Message, { privateAddresses, version }: HttpPostsParts, signal: AbortSignal): Promise<Posted> {
  const url = new URL(message.url)
  const secure = url.protocol === "https:"
  const host = url.hostname.replace(/^\[|\]$/g, "")
  // Node looks up names only: what is an address already has to be looked at here.
  if (isIP(host) !== 0 && !mayReach(host, secure, privateAddresses)) return Promise.reject(new UnreachableAddress(url.hostname, host))
  const body = Buffer.from(message.body)
  const headers = { ...signed(message), "content-type": "application/cloudevents+json", "content-length": body.length, "user-agent": `fleet/${version}` }
  return new Promise((resolve, reject) => {
    const options = { method: "POST", headers, agent: false, signal, lookup: guardedLookup(secure, privateAddresses), maxHeaderSize: 16 * 1024 }
    const request = (secure ? https : http).request(url, options, (response) => {
      resolve(outcomeOf(response))
      readAway(response)
    })
    request.once("error", reject)
    request.end(body)
  })
}

/** The status is all that counts. The rest is let through so that the receiver can end in peace, up to a limit. */
function readAway(response: http.IncomingMessage): void {
  let bytes = 0
  response.on("error", () => undefined)
  response.on("data", (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > answerBytesMax) response.destroy()
  })
}

function signed({ id, at, secret, body }: Message): Record<string, string> {
  const seconds = Math.floor(at / 1_000)
  return { "webhook-id": id, "webhook-timestamp": String(seconds), "webhook-signature": new Webhook(secret).sign(id, new Date(seconds * 1_000), body) }
}

function outcomeOf({ statusCode = 0, headers }: http.IncomingMessage): Posted {
  if (statusCode >= 200 && statusCode < 300) return { how: "taken", status: statusCode }
  if (statusCode === 410) return { how: "gone" }
  const why = statusCode >= 300 && statusCode < 400 ? `it answered ${statusCode}, and redirects are not followed` : `it answered ${statusCode}`
  return { how: "failed", why, retryAfterMs: statusCode === 429 || statusCode === 503 ? retryAfterMs(headers["retry-after"]) : null }
}

function retryAfterMs(given: string | undefined): number | null {
  return given !== undefined && /^\d{1,6}$/.test(given) ? Math.min(Math.max(Number(given), 1) * 1_000, retryAfterMsMax) : null
}

function sayWhy(error: unknown): string {
  if (error instanceof UnreachableAddress) return error.message
  const { code, message } = error as NodeJS.ErrnoException
  return code === undefined ? message : `it could not be reached (${code})`
}
