/** Who speaks to the hub, and what each may do. By the socket: this user, whom the file's mode lets in. By TCP: whoever has a token, and for `/api` any process of this machine. */
import type { Context, MiddlewareHandler } from "hono"
import { fault, type Fault } from "../../domain/fault.ts"
import type { SessionId } from "../../domain/ids.ts"
import { answerFault } from "./problem.ts"
import { agentOf, same } from "./token.ts"

export type Caller =
  | { readonly kind: "owner" }
  /** An agent, by its session's own token. */
  | { readonly kind: "agent"; readonly session: SessionId }
  /** A process of this machine that speaks the compatible API and said no more of itself. */
  | { readonly kind: "open" }

/** read: look. lead: work with sessions and plans. operate: answer for the person, stop what others started, change the hub. */
export type Permission = "read" | "lead" | "operate"

/** An agent leads others, but never answers its own approval. */
export function allow(caller: Caller, permission: Permission): boolean {
  return caller.kind === "owner" || permission !== "operate"
}

/** Throw as a `FaultError`: the answer is 403. */
export const notAllowed = (permission: Permission): Fault =>
  fault(
    "not-allowed",
    "this token may not do that",
    `it needs the permission "${permission}"`,
    "ask the person whose hub this is: fleet inbox shows what waits for them",
  )

declare module "hono" {
  interface ContextVariableMap {
    /** Who asks. Every door sets it before any route sees the request. */
    caller: Caller
  }
}

export interface AccessParts {
  /** The content of the token file. */
  readonly token: string
  /** The key of the sessions' own tokens. */
  readonly agentSecret: string
  /** `/api` by TCP: open to processes of this machine, by token only, or not there. */
  readonly api: "open" | "token" | "off"
  /** A session's token is good for as long as this says so. */
  readonly sessionLives: (session: SessionId) => boolean
}

/** For the unix socket. A token that comes along still says who it is: an agent's command line is the agent. */
export function identifyLocal(parts: AccessParts): MiddlewareHandler {
  return async (context, next) => {
    const given = bearer(context)
    const caller = given === null ? ({ kind: "owner" } as const) : callerOf(parts, given)
    if (caller === null) return refuse(context, noToken)
    context.set("caller", caller)
    return next()
  }
}

/** For TCP. The Host check is what stops DNS rebinding; the Origin and Sec-Fetch checks stop pages; the token stops everything else. */
export function identify(parts: AccessParts): MiddlewareHandler {
  return async (context, next) => {
    const refusal = foreign(context) ?? closed(context, parts)
    if (refusal !== null) return refuse(context, refusal)
    const given = bearer(context)
    const caller = given === null ? anonymous(context, parts) : callerOf(parts, given)
    if (caller === null) return refuse(context, noToken)
    context.set("caller", caller)
    return next()
  }
}

const hosts = new Set(["127.0.0.1", "localhost", "[::1]"])

function foreign({ req }: Context): Fault | null {
  const host = req.header("host") ?? ""
  if (!hosts.has(host.replace(/:\d{1,5}$/, "").toLowerCase()))
    return fault("wrong-host", `the hub does not answer as ${host}`, "it is only for this machine", "use http://127.0.0.1:<port>")
  const origin = req.header("origin")
  const site = req.header("sec-fetch-site")
  if ((origin !== undefined && !isOwn(origin, host)) || site === "cross-site" || site === "same-site")
    return fault(
      "wrong-origin",
      `pages of ${origin ?? "other sites"} may not speak to the hub`,
      "the request came from another site",
      "open the hub's own address",
    )
  return null
}

const isOwn = (origin: string, host: string): boolean => origin.toLowerCase() === `http://${host.toLowerCase()}`

const isApi = (path: string): boolean => path === "/api" || path.startsWith("/api/")

function closed({ req }: Context, { api }: AccessParts): Fault | null {
  if (api !== "off" || !isApi(req.path)) return null
  return fault("not-found", "the compatible API is closed here", "the config says `api: off`", "use /v1, or set `api: open` in config.yaml and restart the hub")
}

/** Nothing in these is worth a secret: that a hub runs here, and how its API is spoken. */
const openPaths = new Set(["/healthz", "/readyz", "/openapi.json", "/docs"])

function anonymous(context: Context, { api }: AccessParts): Caller | null {
  const { path, method } = context.req
  if (openPaths.has(path) && method === "GET") return { kind: "open" }
  return api === "open" && isApi(path) && !isBrowser(context) ? { kind: "open" } : null
}

/** Headers that pages cannot leave out, and no plain client sends. `Sec-Fetch-Mode` alone is none: Node's own `fetch` sends it. */
const browserHeaders = ["origin", "sec-fetch-site", "sec-fetch-dest", "sec-fetch-user", "sec-ch-ua", "cookie", "referer", "access-control-request-method"]

function isBrowser({ req }: Context): boolean {
  return browserHeaders.some((name) => req.header(name) !== undefined) || /^mozilla\//i.test(req.header("user-agent") ?? "")
}

/** Null: none was given. Empty: something else than a bearer token. */
function bearer({ req }: Context): string | null {
  const given = req.header("authorization")
  return given === undefined ? null : (/^bearer +(\S+) *$/i.exec(given)?.[1] ?? "")
}

function callerOf({ token, agentSecret, sessionLives }: AccessParts, given: string): Caller | null {
  if (same(given, token)) return { kind: "owner" }
  const session = agentOf(agentSecret, given)
  return session !== null && sessionLives(session) ? { kind: "agent", session } : null
}

const noToken = fault(
  "no-token",
  "the hub wants its token",
  "the Authorization header is missing, wrong, or of a session that has ended",
  "send: Authorization: Bearer <the content of the file token in Fleet's home>, or an agent's own $FLEET_TOKEN",
)

function refuse(context: Context, of: Fault): Response {
  if (of.code === "no-token") context.header("www-authenticate", 'Bearer realm="fleet"')
  return answerFault(context, of)
}
