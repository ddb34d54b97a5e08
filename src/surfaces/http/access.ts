/** Who may speak to the hub over TCP: this machine, by a name that is ours, with the token. The unix socket is guarded by its file mode instead. */
import { timingSafeEqual } from "node:crypto"
import type { MiddlewareHandler } from "hono"
import { fault } from "../../domain/fault.ts"
import { problem } from "./problem.ts"

const hosts = new Set(["127.0.0.1", "localhost", "[::1]"])

/** The Host check is what stops DNS rebinding; the Origin check stops pages; the token stops everything else. */
export function guard(token: string): MiddlewareHandler {
  return async (context, next) => {
    const host = (context.req.header("host") ?? "").replace(/:\d+$/, "")
    if (!hosts.has(host))
      return problem(context, 421, fault("wrong-host", `the hub does not answer as ${host}`, "it is only for this machine", "use http://127.0.0.1:<port>"))
    const origin = context.req.header("origin")
    if (origin !== undefined && !(URL.canParse(origin) && hosts.has(new URL(origin).hostname) && new URL(origin).host === context.req.header("host")))
      return problem(
        context,
        403,
        fault("wrong-origin", `pages of ${origin} may not speak to the hub`, "the request came from another site", "open the hub's own address"),
      )
    if (!same(context.req.header("authorization") ?? "", `Bearer ${token}`))
      return problem(
        context,
        401,
        fault(
          "no-token",
          "the hub wants its token",
          "the Authorization header is missing or wrong",
          "send: Authorization: Bearer <the content of the file token in Fleet's home>",
        ),
      )
    return next()
  }
}

function same(given: string, wanted: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(wanted)
  return a.length === b.length && timingSafeEqual(a, b)
}
