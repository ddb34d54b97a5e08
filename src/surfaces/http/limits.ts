/** How much one request, and one caller, may ask of the hub. Each limit is an answer with its fix, never a silent cut. */
import type { Context, MiddlewareHandler } from "hono"
import { bodyLimit } from "hono/body-limit"
import { fault } from "../../domain/fault.ts"
import type { Clock } from "../../runtime/clock.ts"
import type { Caller } from "./access.ts"
import { answerFault } from "./problem.ts"

const mebibyte = 1024 * 1024
export const bodyBytesMax = 8 * mebibyte
/** Ten attachments of 5 MB, in base64. */
export const promptBytesMax = 72 * mebibyte
const urlCharsMax = 8_192
const headersMax = 100
const largeBodiesMax = 4

export const rate = { perSecond: 200, burst: 400 } as const

/** Address and headers. Their bytes are limited by the server itself, which says so in `listen.ts`. */
export function limitHead(): MiddlewareHandler {
  return async (context, next) => {
    if (context.req.url.length > urlCharsMax)
      return answerFault(
        context,
        fault("url-too-long", "the address is too long", `it has more than ${urlCharsMax} characters`, "ask for less at once, with pages"),
      )
    if ([...context.req.raw.headers.keys()].length > headersMax)
      return answerFault(
        context,
        fault("headers-too-large", "there are too many headers", `there are more than ${headersMax}`, "send only those that are needed"),
      )
    return next()
  }
}

/** `/v1` takes JSON and nothing else: a form of another site could send anything but that. */
export function wantJson(): MiddlewareHandler {
  return async (context, next) => {
    const { path, method } = context.req
    if (!path.startsWith("/v1/") || method === "GET" || method === "HEAD" || !hasBody(context)) return next()
    const type = context.req.header("content-type") ?? ""
    if (/^application\/([a-z0-9.+-]+\+)?json *(;.*)?$/i.test(type)) return next()
    await readAway(context.req.raw.body)
    const why = type === "" ? "it has no content type" : `its content type is ${type}`
    return answerFault(context, fault("wrong-content-type", "the body must be JSON", why, "send the header content-type: application/json"))
  }
}

/** Prompts may carry attachments, a few of them at once; everything else is small. */
export function limitBody(): MiddlewareHandler {
  const small = bodyLimit({ maxSize: bodyBytesMax, onError: (context) => tooLarge(context, bodyBytesMax) })
  const large = bodyLimit({ maxSize: promptBytesMax, onError: (context) => tooLarge(context, promptBytesMax) })
  let inHand = 0
  return async (context, next) => {
    if (!takesAttachments(context.req.path)) return small(context, next)
    if (Number(context.req.header("content-length") ?? Number.POSITIVE_INFINITY) <= bodyBytesMax) return small(context, next)
    if (inHand >= largeBodiesMax) return tooMany(context, "too many large prompts come in at once", 1)
    inHand++
    try {
      return await large(context, next)
    } finally {
      inHand--
    }
  }
}

/** A bucket of tokens for each caller. */
export function limitRate(clock: Clock, { perSecond, burst }: { perSecond: number; burst: number } = rate): MiddlewareHandler {
  const buckets = new Map<string, Bucket>()
  return async (context, next) => {
    const now = clock.now()
    const key = keyOf(context.get("caller"))
    const bucket = buckets.get(key) ?? { left: burst, at: now }
    const left = Math.min(burst, bucket.left + (Math.max(0, now - bucket.at) * perSecond) / 1_000)
    if (!buckets.has(key)) forgetFull(buckets, now, perSecond, burst)
    buckets.set(key, { left: left < 1 ? left : left - 1, at: now })
    if (left < 1) return tooMany(context, `there are more than ${perSecond} requests a second`, Math.ceil((1 - left) / perSecond))
    return next()
  }
}

interface Bucket {
  readonly left: number
  readonly at: number
}

/** Whoever was quiet for long enough to have a full bucket again needs none: so there are never more than callers in that time. */
function forgetFull(buckets: Map<string, Bucket>, now: number, perSecond: number, burst: number): void {
  for (const [key, { left, at }] of buckets) if (left + ((now - at) * perSecond) / 1_000 >= burst) buckets.delete(key)
}

function keyOf(caller: Caller): string {
  switch (caller.kind) {
    case "owner":
    case "open":
      return caller.kind
    case "agent":
      return `agent ${caller.session}`
  }
}

const takesAttachments = (path: string): boolean => /^\/(api|v1)\/sessions\/[^/]+\/prompts?$/.test(path)

function hasBody({ req }: Context): boolean {
  return req.header("transfer-encoding") !== undefined || Number(req.header("content-length") ?? 0) > 0
}

function tooMany(context: Context, why: string, retryAfterS: number): Response {
  context.header("retry-after", String(Math.max(1, retryAfterS)))
  return answerFault(
    context,
    fault(
      "too-many-requests",
      "that was too much at once",
      why,
      "wait for as long as Retry-After says, and follow /v1/events instead of asking again and again",
    ),
  )
}

async function tooLarge(context: Context, bytesMax: number): Promise<Response> {
  await readAway(context.req.raw.body)
  return answerFault(
    context,
    fault("body-too-large", "the request is too large", `it is over ${bytesMax} bytes`, "split it, or let agents read large things from files"),
  )
}

/** A client that is still writing would meet a broken pipe instead of the answer. One that goes on and on does. */
async function readAway(body: ReadableStream<Uint8Array> | null): Promise<void> {
  if (body === null || body.locked) return
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > promptBytesMax) return
  }
}
