/** Speaks the hub's HTTP API over its unix socket. Whatever goes wrong comes out as a `FaultError` with a fix. */
import http from "node:http"
import path from "node:path"
import { fault, FaultError, type Fault } from "../../domain/fault.ts"
import type { PlanFault } from "../../domain/plan/plan.ts"
import type { FileChange } from "../../domain/worker/job.ts"
import type { ApprovalView, HubView, PlanReview, RunView, SubmitRun, TaskView, ToldView, WorkerView } from "../../protocol/views.ts"
import type { TranscriptEntry } from "../../protocol/worker.ts"
import { readServerEvents, type ServerEvent } from "./server-events.ts"

export interface Found {
  readonly run: string
  readonly key: string | null
  readonly session: string | null
}
export interface TaskDiff {
  readonly files: readonly FileChange[]
  readonly patch: string
  readonly cut: boolean
}
export interface TranscriptPage {
  readonly entries: readonly TranscriptEntry[]
  readonly next: number
  readonly ended: boolean
}

/** The hub refused a plan and said what is wrong with it. */
export class PlanRefused extends FaultError {
  readonly faults: readonly PlanFault[]
  constructor(of: Fault, faults: readonly PlanFault[]) {
    super(of)
    this.faults = faults
  }
}

const answerLimitMs = 30_000
const answerBytesMax = 64 * 1024 * 1024

export const socketOf = (home: string): string => path.join(home, "hub.sock")

export class HubClient {
  readonly socket: string
  readonly #limitMs: number
  constructor(home: string, limitMs = answerLimitMs) {
    this.socket = socketOf(home)
    this.#limitMs = limitMs
  }

  hub = (): Promise<HubView> => this.#send("GET", "/v1/hub")
  stopHub = (worker: boolean): Promise<unknown> => this.#send("POST", "/v1/hub/stop", { worker })
  review = (submit: SubmitRun): Promise<PlanReview> => this.#send("POST", "/v1/plans/review", submit)
  submit = (submit: SubmitRun): Promise<RunView> => this.#send("POST", "/v1/runs", submit)
  runs = (): Promise<readonly RunView[]> => this.#list("/v1/runs")
  run = (run: string): Promise<RunView> => this.#send("GET", `/v1/runs/${part(run)}`)
  stopRun = (run: string): Promise<RunView> => this.#send("POST", `/v1/runs/${part(run)}/stop`)
  continueRun = (run: string): Promise<RunView> => this.#send("POST", `/v1/runs/${part(run)}/continue`)
  task = (run: string, key: string): Promise<TaskView> => this.#send("GET", taskPath(run, key))
  stopTask = (run: string, key: string): Promise<TaskView> => this.#send("POST", `${taskPath(run, key)}/stop`)
  retryTask = (run: string, key: string): Promise<TaskView> => this.#send("POST", `${taskPath(run, key)}/retry`)
  tell = (run: string, key: string, text: string): Promise<ToldView> => this.#send("POST", `${taskPath(run, key)}/tell`, { text })
  diff = (run: string, key: string): Promise<TaskDiff> => this.#send("GET", `${taskPath(run, key)}/diff`)
  transcript = (session: string, offset: number): Promise<TranscriptPage> => this.#send("GET", `/v1/sessions/${part(session)}/transcript?offset=${offset}`)
  find = (name: string): Promise<Found> => this.#send("GET", `/v1/find?name=${encodeURIComponent(name)}`)
  approvals = (): Promise<readonly ApprovalView[]> => this.#list("/v1/approvals")
  answer = (approval: string, allow: boolean, note: string | null): Promise<ApprovalView> =>
    this.#send("POST", `/v1/approvals/${part(approval)}`, note === null ? { allow } : { allow, note })
  workers = (): Promise<readonly WorkerView[]> => this.#list("/v1/workers")

  /** What happens in a run, from now on or from after an event number. Ends when the hub ends it; rejects when the connection breaks. */
  live(run: string, after: number | null, signal: AbortSignal): AsyncIterable<ServerEvent> {
    return this.#events(`/v1/runs/${part(run)}/live${after === null ? "" : `?after=${after}`}`, signal)
  }

  async *#events(target: string, signal: AbortSignal): AsyncIterable<ServerEvent> {
    const response = await this.#open("GET", target, undefined, signal)
    if (response.statusCode !== 200) throw problemOf(await bodyOf(response, this.socket), response.statusCode ?? 0)
    try {
      yield* readServerEvents(response)
    } catch (error) {
      throw unreachable(error, this.socket)
    }
  }

  async #list<Item>(target: string): Promise<readonly Item[]> {
    return (await this.#send<{ readonly items: readonly Item[] }>("GET", target)).items
  }

  async #send<Answer>(method: "GET" | "POST", target: string, body?: object): Promise<Answer> {
    const response = await this.#open(method, target, body, AbortSignal.timeout(this.#limitMs))
    const answer = await bodyOf(response, this.socket)
    const status = response.statusCode ?? 0
    if (status < 200 || status > 299) throw problemOf(answer, status)
    return answer as Answer
  }

  #open(method: string, target: string, body: object | undefined, signal: AbortSignal): Promise<http.IncomingMessage> {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers = text === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }
    return new Promise((resolve, reject) => {
      const request = http.request({ socketPath: this.socket, path: target, method, headers: { host: "localhost", ...headers }, agent: false, signal })
      request.once("response", resolve)
      request.once("error", (error) => reject(unreachable(error, this.socket)))
      request.end(text)
    })
  }
}

const part = encodeURIComponent
const taskPath = (run: string, key: string): string => `/v1/runs/${part(run)}/tasks/${part(key)}`

async function bodyOf(response: http.IncomingMessage, socket: string): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > answerBytesMax) throw new Error(`its answer is larger than ${answerBytesMax} bytes`)
      chunks.push(chunk)
    }
  } catch (error) {
    throw unreachable(error, socket)
  }
  const text = Buffer.concat(chunks).toString("utf8")
  if (text === "") return {}
  try {
    return JSON.parse(text)
  } catch {
    throw strange(response.statusCode ?? 0)
  }
}

function problemOf(answer: unknown, status: number): FaultError {
  if (!isFault(answer)) return strange(status)
  const { code, what, why, fix } = answer
  const faults = "faults" in answer && Array.isArray(answer.faults) ? (answer.faults as PlanFault[]) : null
  return faults === null ? new FaultError({ code, what, why, fix }) : new PlanRefused({ code, what, why, fix }, faults)
}

function isFault(answer: unknown): answer is Fault {
  return typeof answer === "object" && answer !== null && ["code", "what", "why", "fix"].every((name) => typeof Reflect.get(answer, name) === "string")
}

function strange(status: number): FaultError {
  return new FaultError(
    fault(
      "hub-answer",
      "the hub gave an answer that this CLI does not understand",
      `status ${status}`,
      "run `fleet hub status`: another version may be running",
    ),
  )
}

/** Nothing listens: absent. Something does, or did, and went quiet: silent. */
function unreachable(error: unknown, socket: string): FaultError {
  if (error instanceof FaultError) return error
  const code = (error as NodeJS.ErrnoException).code ?? ""
  if (code === "ENOENT" || code === "ECONNREFUSED") {
    return new FaultError(fault("hub-absent", "no hub is running", `nothing listens on ${socket}`, "start it: fleet hub start"), { cause: error })
  }
  if (code === "EACCES") {
    const why = `${socket} belongs to another user`
    return new FaultError(fault("hub-absent", "the hub cannot be reached", why, "use your own FLEET_HOME, or become that user"), { cause: error })
  }
  const why = error instanceof Error ? error.message : String(error)
  return new FaultError(fault("hub-silent", "the hub went away before it answered", why, "look at it: fleet hub status"), { cause: error })
}
