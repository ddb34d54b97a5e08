/** `Idempotency-Key` on POSTs, by the IETF draft (httpapi-idempotency-key-header-07): the same request has the same answer for a day, whoever asks again and whatever died meanwhile. */
import { createHash } from "node:crypto"
import type { Context, MiddlewareHandler } from "hono"
import type { StatusCode } from "hono/utils/http-status"
import { fault } from "../../domain/fault.ts"
import { answerCharsMax, type KeptAnswer, type Remembered } from "../../engine/ports/remembered.ts"
import type { Clock } from "../../runtime/clock.ts"
import type { Caller } from "./access.ts"
import { answerFault, problemOf } from "./problem.ts"

const keyCharsMax = 255
/** Of an answer, what a client acts on. */
const headersKept = ["content-type", "location", "x-total-count"]

/** `complain` hears of answers that could not be kept: the client has them nevertheless. */
export function idempotent(remembered: Remembered, clock: Clock, complain: (error: unknown) => void): MiddlewareHandler {
  return async (context, next) => {
    const given = context.req.header("idempotency-key")
    if (given === undefined || context.req.method !== "POST") return next()
    if (given === "" || given.length > keyCharsMax)
      return answerFault(context, fault("bad-idempotency-key", "the Idempotency-Key cannot be used", `it has 1 to ${keyCharsMax} characters`, "send a UUID"))
    const key = `${ownerOf(context.get("caller"))}\0${given}`
    const begun = await remembered.begin(key, await hashOf(context), clock.now())
    switch (begun.how) {
      case "fresh":
        await next().catch(async (error: unknown) => {
          await remembered.forget(key).catch(complain)
          throw error
        })
        return keep(context, remembered, key, clock.now()).catch(complain)
      case "same":
        return replay(begun.answer)
      case "running":
        return answerFault(
          context,
          fault("idempotency-running", "the same request is still at work", "it came before with this Idempotency-Key", "send it again in a moment"),
        )
      case "other":
        return answerFault(
          context,
          fault(
            "idempotency-other",
            "this Idempotency-Key belongs to another request",
            "method, address and body must be the same",
            "use a new key for a new request",
          ),
        )
      case "lost":
        return answerFault(
          context,
          fault(
            "idempotency-lost",
            "nobody knows what came of this request",
            "the hub ended while it was at it",
            "look whether it was done; to do it again, use a new key",
          ),
        )
    }
  }
}

function ownerOf(caller: Caller): string {
  return caller.kind === "agent" ? `agent ${caller.session}` : caller.kind
}

async function hashOf({ req }: Context): Promise<string> {
  const url = new URL(req.url)
  // Hono keeps the bytes: whoever parses the body later gets the same.
  const body = new Uint8Array(await req.arrayBuffer())
  return createHash("sha256").update(`${req.method}\0${url.pathname}${url.search}\0`).update(body).digest("hex")
}

/** An answer that would be another one in a moment is not kept: neither ours that failed, nor "come back later". */
async function keep(context: Context, remembered: Remembered, key: string, at: number): Promise<void> {
  const { status, headers } = context.res
  const streams = headers.get("content-type")?.startsWith("text/event-stream") === true
  if (status >= 500 || status === 408 || status === 429 || streams) return remembered.forget(key)
  const body = await context.res.clone().text()
  const kept = Object.fromEntries(headersKept.flatMap((name) => (headers.has(name) ? [[name, headers.get(name) ?? ""]] : [])))
  await remembered.finish(key, body.length > answerCharsMax ? tooLarge() : { status, headers: kept, body }, at)
}

function tooLarge(): KeptAnswer {
  const document = problemOf(
    fault(
      "idempotency-not-kept",
      "the request was done, and its answer is not there any more",
      "it was too large to be kept",
      "read what it made instead of sending it again",
    ),
  )
  return { status: document.status, headers: { "content-type": "application/problem+json" }, body: JSON.stringify(document) }
}

function replay({ status, headers, body }: KeptAnswer): Response {
  const empty = status === 204 || status === 205 || status === 304
  return new Response(empty ? null : body, { status: status satisfies number as StatusCode, headers: { ...headers, "idempotent-replayed": "true" } })
}
