/** Fleet for agents over the hub's own API, by any function that answers requests: the hub's app in its own process, or a socket to it. */
import { fault, FaultError, type Fault } from "../../domain/fault.ts"
import type { EventView } from "../../protocol/views.ts"
import { Diagnoses } from "./diagnoses.ts"
import type { AgentCaller, Diagnosis, FleetForAgents, Page, PageAsked } from "./fleet-for-agents.ts"
import { milestonesOf } from "./milestones.ts"

export type Fetch = (request: Request) => Promise<Response>

export interface HttpCaller {
  readonly fetch: Fetch
  readonly caller: () => Promise<AgentCaller>
  readonly here: string | null
  /** Where one of these serves a single call, what is to outlive it. */
  readonly diagnoses?: Diagnoses
}

const origin = "http://localhost"
/** A session is there when its agent is open. */
const answerMs = 120_000
/** A repository's own checks may take minutes each. */
const diagnosisMs = 31 * 60_000

export function fleetOverHttp({ fetch, caller, here, diagnoses = new Diagnoses() }: HttpCaller): FleetForAgents {
  const send = <Answer>(method: string, path: string, body?: object): Promise<Answer> => sendTo<Answer>(fetch, method, path, body)
  // One agent is not shown what another one may look at.
  const own = async (directory: string): Promise<string> => JSON.stringify([await caller(), directory])
  const diagnose = (directory: string) => (): Promise<Diagnosis> => sendTo<Diagnosis>(fetch, "POST", "/v1/health", { directory }, diagnosisMs)
  const get = <Answer>(path: string): Promise<Answer> => send<Answer>("GET", path)
  const page = async <Item>(path: string, asked: PageAsked, only: object = {}): Promise<Page<Item>> => {
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries({ ...asked, ...only })) if (value !== null) query.set(name, String(value))
    const { items, next_cursor: next = null } = await get<Listed<Item>>(`${path}?${query.toString()}`)
    return { items, next }
  }
  return {
    caller,
    here,
    assess: (request) => send("POST", "/v1/plans/assess", request),
    review: (submit) => send("POST", "/v1/plans/review", submit),
    submit: (submit) => send("POST", "/v1/runs", submit),
    runs: (asked) => page("/v1/runs", asked),
    run: (name) => get(`/v1/runs/${part(name)}`),
    stopRun: (name) => send("POST", `/v1/runs/${part(name)}/stop`),
    startCampaign: (of) => send("POST", "/v1/campaigns", of),
    continueCampaign: (of) => send("POST", "/v1/campaigns/continue", of),
    compare: (run) => get(`/v1/runs/${part(run)}/comparison`),
    diagnose: async (directory, limitMs, signal) => diagnoses.of(await own(directory), diagnose(directory), limitMs, signal),
    diagnosed: async (directory) => diagnoses.last(await own(directory)),
    taskDiff: (run, key) => get(`/v1/runs/${part(run)}/tasks/${part(key)}/diff`),
    sessions: (asked, only) => page("/v1/sessions", asked, only),
    session: (name) => get(`/v1/sessions/${part(name)}`),
    createSession: (of) => send("POST", "/v1/sessions", of),
    promptSession: async (name, of) => void (await send("POST", `/v1/sessions/${part(name)}/prompts`, of)),
    sessionDiff: (name) => get(`/v1/sessions/${part(name)}/diff?texts=0`),
    transcript: (session, offset) => get(`/v1/sessions/${part(session)}/transcript?offset=${offset}`),
    approvals: async () => (await get<Listed<never>>("/v1/approvals?limit=1000")).items,
    answer: (approval, allow, note) => send("POST", `/v1/approvals/${part(approval)}`, { allow, note }),
    claims: async () => (await get<Listed<never>>("/v1/claims?limit=1000")).items,
    takeClaim: (of) => send("POST", "/v1/claims", of),
    releaseClaim: async (claim) => void (await send("DELETE", `/v1/claims/${part(claim)}`)),
    discoveries: (asked) => page("/v1/discoveries", asked),
    reportDiscovery: (of) => send("POST", "/v1/discoveries", of),
    handOff: async (session, items) => void (await send("POST", `/v1/sessions/${part(session)}/handoff`, { items })),
    follow: (signal) => followEvents(fetch, signal),
  }
}

interface Listed<Item> {
  readonly items: readonly Item[]
  readonly next_cursor?: string | null
}

const part = encodeURIComponent

async function sendTo<Answer>(fetch: Fetch, method: string, path: string, body: object | undefined, limitMs = answerMs): Promise<Answer> {
  const asked = body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }
  const response = await fetch(new Request(`${origin}${path}`, { method, ...asked, signal: AbortSignal.timeout(limitMs) }))
  const text = await response.text()
  const answer = text === "" ? {} : parsed(text, response.status)
  if (!response.ok) throw new FaultError(faultOf(answer, response.status))
  return answer as Answer
}

async function followEvents(fetch: Fetch, signal: AbortSignal): Promise<AsyncIterable<EventView>> {
  const response = await fetch(new Request(`${origin}/v1/events`, { signal, headers: { accept: "text/event-stream" } }))
  if (!response.ok) throw new FaultError(faultOf(parsed(await response.text(), response.status), response.status))
  if (response.body === null) throw new FaultError(strange(response.status))
  return milestonesOf(response.body, signal)
}

function parsed(text: string, status: number): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new FaultError(strange(status))
  }
}

function faultOf(answer: unknown, status: number): Fault {
  if (typeof answer !== "object" || answer === null) return strange(status)
  const [code, what, why, fix] = ["code", "what", "why", "fix"].map((name): unknown => Reflect.get(answer, name))
  if (typeof code !== "string" || typeof what !== "string" || typeof why !== "string" || typeof fix !== "string") return strange(status)
  return fault(code, what, planFaults(answer) ?? why, fix)
}

/** Of a plan that was refused: each of its errors, with its line. */
function planFaults(answer: object): string | null {
  const faults: unknown = Reflect.get(answer, "faults")
  if (!Array.isArray(faults) || faults.length === 0) return null
  return faults
    .slice(0, faultsShown)
    .map((one: { line?: number | null; what?: string; why?: string; fix?: string }) => {
      const place = typeof one.line === "number" ? `line ${one.line}: ` : ""
      return `\n- ${place}${one.what}: ${one.why} (${one.fix})`
    })
    .join("")
}
const faultsShown = 20

const strange = (status: number): Fault =>
  fault("hub-answer", "the hub gave an answer that cannot be understood", `status ${status}`, "run `fleet hub status`: another version may be running")
