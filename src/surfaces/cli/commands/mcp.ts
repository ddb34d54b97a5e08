/** `fleet mcp`: the tools for agents, over stdin and stdout. Inside of a session it is that session's agent; outside it is the person. */
import type { Readable, Writable } from "node:stream"
import { FaultError } from "../../../domain/fault.ts"
import type { AgentCaller } from "../../mcp/fleet-for-agents.ts"
import { fleetOverHttp, type Fetch } from "../../mcp/over-http.ts"
import { fetchBy } from "../../mcp/socket-fetch.ts"
import { serveOverStdio } from "../../mcp/stdio.ts"
import { socketOf } from "../client.ts"
import type { CliContext } from "../context.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { ensureHub } from "../start-hub.ts"

const endings = ["SIGTERM", "SIGINT", "SIGHUP"] as const

export async function mcp({ context }: Invocation): Promise<ExitCode> {
  const stop = new AbortController()
  const end = (): void => stop.abort()
  for (const signal of endings) context.signals.on(signal, end)
  const token = context.env["FLEET_TOKEN"] ?? null
  const marked = context.env["FLEET_SESSION"] !== undefined || context.env["FLEET_HOME_ID"] !== undefined
  const fetch = token === null && !marked ? asPerson(context) : asAgent(context, token)
  const fleet = fleetOverHttp({ fetch, caller: callerOf(context, token, marked, fetch), here: context.cwd })
  const complain = (error: Error): void => void context.stderr.write(`fleet mcp: ${error.message}\n`)
  try {
    // The process' own streams; a CLI under test hands in others that are streams as well.
    await serveOverStdio(
      { fleet, version: context.version, input: context.stdin as Readable, output: context.stdout as unknown as Writable, complain },
      stop.signal,
    )
  } finally {
    for (const signal of endings) context.signals.off(signal, end)
  }
  return exitCodes.done
}

/**
 * Agents that serve many sessions from one process, or that keep their environment from the programs that they start, start this one without
 * the marks of a session. Then the directory that it is started in says whose it is: a worktree of Fleet's is some session's own.
 */
function callerOf(context: CliContext, token: string | null, marked: boolean, fetch: Fetch): () => Promise<AgentCaller> {
  const given = context.env["FLEET_SESSION"] ?? null
  if (token !== null) return () => Promise.resolve({ kind: "agent", session: given })
  let known = given
  return async () => {
    known ??= await sessionIn(fetch, context.cwd, marked)
    return marked || known !== null ? { kind: "agent", session: known } : { kind: "person" }
  }
}

/** The session that works in a directory, when only one does. `shared`: it may be one of the person's own. */
async function sessionIn(fetch: Fetch, directory: string, shared: boolean): Promise<string | null> {
  const hub = fleetOverHttp({ fetch, caller: () => Promise.resolve({ kind: "person" }), here: null })
  const { items } = await hub.sessions({ cursor: null, limit: 100 }, { status: null, parent: null, directory })
  const there = items.filter((session) => session.directory === directory && session.status !== "ended" && (shared || session.strategy !== "existing"))
  const [only, ...others] = there
  return only !== undefined && others.length === 0 ? only.id : null
}

/** By the socket. A hub that does not run is started, by the first call that needs it. */
function asPerson(context: CliContext): Fetch {
  const fetch = fetchBy({ socketPath: socketOf(context.home) }, null)
  return (request) =>
    orElse(fetch, request, async (again) => {
      await ensureHub(context)
      return fetch(again)
    })
}

/** By the port that the session was told, with its token; by the socket where nobody listens on that port. No agent starts a hub. */
function asAgent(context: CliContext, token: string | null): Fetch {
  const port = Number(context.env["FLEET_PORT"])
  const local = fetchBy({ socketPath: socketOf(context.home) }, token)
  if (token === null || !Number.isInteger(port) || port < 1) return local
  const byPort = fetchBy({ host: "127.0.0.1", port }, token)
  return (request) => orElse(byPort, request, local)
}

/** `absent` gets a copy of the request when nobody listens: nothing of it was received then. */
async function orElse(fetch: Fetch, request: Request, absent: Fetch): Promise<Response> {
  const copy = request.clone()
  try {
    return await fetch(request)
  } catch (error) {
    if (error instanceof FaultError && error.fault.code === "hub-absent") return absent(copy)
    throw error
  }
}
