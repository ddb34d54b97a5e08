/** Opens a session in a process that runs: goes on with an old one where the agent can, else begins anew. */
import { methods, RequestError, type InitializeResponse, type NewSessionRequest } from "@agentclientprotocol/sdk"
import type { OpenRequest, SessionListener } from "../../../worker/ports/agent.ts"
import { placeholdersOf } from "../argv.ts"
import { effortName, effortNotTaken } from "../extras.ts"
import type { AgentEntry, DriverOptions } from "../options.ts"
import { cannotOpen } from "./faults.ts"
import type { AcpProcess } from "./process.ts"
import { AcpSession } from "./session.ts"
import { setEffort, setUp, type Offered } from "./settings.ts"

const authRequired = -32000

export async function openSession(
  process: AcpProcess,
  request: OpenRequest,
  listener: SessionListener,
  options: DriverOptions,
  signal: AbortSignal,
  release: () => Promise<void>,
): Promise<AcpSession> {
  const { entry } = options
  try {
    const begun = (await resume(process, request, entry, signal)) ?? (await begin(process, request, entry, signal))
    await setUp(process.agent, begun.id, begun.offered, entry, request.model ?? entry.model)
    await think(process, begun, request, listener, entry)
    signal.throwIfAborted()
    return new AcpSession(process, begun.id, begun.resumed, request, begun.offered, listener, options, release)
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof RequestError ? cannotOpen(entry, error, "") : await explained(process, entry, error)
  }
}

async function think(process: AcpProcess, begun: Begun, request: OpenRequest, listener: SessionListener, entry: AgentEntry): Promise<void> {
  const effort = effortName(request.effort)
  if (effort === null || entry.argv.some((item) => placeholdersOf(item).includes("effort"))) return
  const why = await setEffort(process.agent, begun.id, begun.offered, effort)
  if (why !== null) listener.said(effortNotTaken(entry.name, effort, why))
}

interface Begun {
  readonly id: string
  readonly resumed: boolean
  readonly offered: Offered
}

/** Null when there is nothing to resume, or the agent does not know it any more. Its history, replayed meanwhile, has no inbox and is dropped. */
async function resume(process: AcpProcess, request: OpenRequest, entry: AgentEntry, signal: AbortSignal): Promise<Begun | null> {
  const sessionId = request.resume
  const method = resumeMethod(process.initialized)
  if (sessionId === null || method === null) return null
  const params = { sessionId, cwd: request.directory, mcpServers: [], ...meta(request, entry) }
  try {
    const offered = await process.agent.request<Offered | null>(method as string, params, { cancellationSignal: signal, stopWaitingOnCancel: true })
    return { id: sessionId, resumed: true, offered: offered ?? {} }
  } catch (error) {
    if (error instanceof RequestError && error.code !== authRequired && !signal.aborted) return null
    throw error
  }
}

async function begin(process: AcpProcess, request: OpenRequest, entry: AgentEntry, signal: AbortSignal): Promise<Begun> {
  const params: NewSessionRequest = { cwd: request.directory, mcpServers: [], ...meta(request, entry) }
  const response = await process.agent.request(methods.agent.session.new, params, { cancellationSignal: signal, stopWaitingOnCancel: true })
  return { id: response.sessionId, resumed: false, offered: response }
}

function resumeMethod({ agentCapabilities }: InitializeResponse): string | null {
  if (agentCapabilities?.sessionCapabilities?.resume != null) return methods.agent.session.resume
  return agentCapabilities?.loadSession === true ? methods.agent.session.load : null
}

/** A shared process has one environment; the scripted agent takes a session's own from here, others ignore it. */
function meta(request: OpenRequest, entry: AgentEntry): Pick<NewSessionRequest, "_meta"> {
  return entry.shared && entry.family === "scripted" ? { _meta: { fleet: { environment: request.environment } } } : {}
}

async function explained(process: AcpProcess, entry: AgentEntry, error: unknown): Promise<unknown> {
  const over = await Promise.race([process.gone, Promise.resolve(null)])
  return over === null ? error : cannotOpen(entry, new Error(over, { cause: error }), "")
}
