/** The hub, as commands speak to it: the typed client over the unix socket of a home, with a limit on how long each answer may take. */
import path from "node:path"
import { Readable } from "node:stream"
import type { ReadableStream } from "node:stream/web"
import { answered, fleetClient, refusalOf, sent, type FleetClient } from "../../client/client.ts"
import { unreachable } from "../../client/transport.ts"
import type { StartCampaign, StartedCampaign } from "../../protocol/campaign-views.ts"
import type { ApprovalView, HubView, PlanReview, RunView, SubmitRun, TaskView, ToldView, WorkerView } from "../../protocol/views.ts"
import type { ClaimView, DiscoveryView, ReportDiscovery, TakeClaim } from "../../protocol/coordination-views.ts"
import type { CallbackView, CreateSession, PromptSession, SessionView } from "../../protocol/session-views.ts"
import type { TranscriptEntry } from "../../protocol/worker.ts"
import type { ContinueCampaign, ContinuedCampaign } from "../../protocol/api/schemas/continue-campaign.ts"
import type { HealthFindings } from "../../domain/health/health.ts"
import type { Comparison } from "../../domain/strategy/comparison.ts"
import type { WebhookView } from "../../protocol/api/schemas/webhook.ts"
import type { Topic } from "../../domain/webhook/topic.ts"
import type { FileChange } from "../../domain/worker/job-result.ts"
import type { Assessment, AssessRequest } from "../../domain/plan/assessment.ts"
import type { Plan } from "../../domain/plan/plan.ts"
import type { CliContext } from "./context.ts"
import { readServerEvents, type ServerEvent } from "./server-events.ts"

export { PlanRefused } from "../../client/client.ts"

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
export interface AddedWebhook {
  readonly webhook: WebhookView
  readonly secret: string
}
/** How healthy a repository is, and the work that follows from it, the most urgent first. */
export interface Diagnosis {
  readonly findings: HealthFindings
  /** Null: nothing is to be done. */
  readonly plan: Plan | null
  readonly queue: readonly { readonly rank: number; readonly task: string; readonly wave: number; readonly why: string }[]
  /** What could not be looked at, and why. */
  readonly unknown: readonly string[]
  readonly notices: readonly string[]
}
export interface TranscriptPage {
  readonly entries: readonly TranscriptEntry[]
  readonly next: number
  readonly ended: boolean
}

const answerLimitMs = 30_000
/** Of one long poll. */
const waitSeconds = 30
/** A session is made when its agent is open: that takes as long as its checkout does. */
const openingLimitMs = 300_000
/** The claims of others are looked at, and dead ones swept, before a campaign is committed. */
const campaignLimitMs = 300_000
/** The project's own checks run: each has its own limit on the worker. */
const diagnoseLimitMs = 35 * 60_000

export const socketOf = (home: string): string => path.join(home, "hub.sock")

/** The hub of this home. Run by an agent of this home, a command may do what that agent may: no agent answers its own questions. */
export function hubOf({ home, homeId, env }: Pick<CliContext, "home" | "homeId" | "env">): HubClient {
  return new HubClient(home, { token: env["FLEET_HOME_ID"] === homeId ? (env["FLEET_TOKEN"] ?? null) : null })
}

export class HubClient {
  readonly socket: string
  readonly #limitMs: number
  readonly #fleet: FleetClient
  /** `token`: of the agent that the command runs for; null: it runs for the person. */
  constructor(home: string, { token = null, limitMs = answerLimitMs }: { readonly token?: string | null; readonly limitMs?: number } = {}) {
    this.socket = socketOf(home)
    this.#limitMs = limitMs
    this.#fleet = fleetClient({ socket: this.socket, ...(token === null ? {} : { token }) })
  }

  hub = (): Promise<HubView> => answered(this.#fleet.GET("/v1/hub", this.#soon()))
  stopHub = (worker: boolean): Promise<unknown> => answered(this.#fleet.POST("/v1/hub/stop", { ...this.#soon(), body: { worker } }))
  review = (submit: SubmitRun): Promise<PlanReview> => answered(this.#fleet.POST("/v1/plans/review", { ...this.#soon(), body: sent(submit) }))
  submit = (submit: SubmitRun): Promise<RunView> => answered(this.#fleet.POST("/v1/runs", { ...this.#soon(), body: sent(submit) }))
  runs = (): Promise<readonly RunView[]> => all((query) => answered(this.#fleet.GET("/v1/runs", { ...this.#soon(), params: { query } })))
  run = (run: string): Promise<RunView> => answered(this.#fleet.GET("/v1/runs/{run}", { ...this.#soon(), params: { path: { run } } }))
  stopRun = (run: string): Promise<RunView> => answered(this.#fleet.POST("/v1/runs/{run}/stop", { ...this.#soon(), params: { path: { run } } }))
  continueRun = (run: string): Promise<RunView> => answered(this.#fleet.POST("/v1/runs/{run}/continue", { ...this.#soon(), params: { path: { run } } }))
  task = (run: string, key: string): Promise<TaskView> => answered(this.#fleet.GET("/v1/runs/{run}/tasks/{key}", this.#task(run, key)))
  stopTask = (run: string, key: string): Promise<TaskView> => answered(this.#fleet.POST("/v1/runs/{run}/tasks/{key}/stop", this.#task(run, key)))
  retryTask = (run: string, key: string): Promise<TaskView> => answered(this.#fleet.POST("/v1/runs/{run}/tasks/{key}/retry", this.#task(run, key)))
  tell = (run: string, key: string, text: string): Promise<ToldView> =>
    answered(this.#fleet.POST("/v1/runs/{run}/tasks/{key}/tell", { ...this.#task(run, key), body: { text } }))
  diff = (run: string, key: string): Promise<TaskDiff> => answered(this.#fleet.GET("/v1/runs/{run}/tasks/{key}/diff", this.#task(run, key)))
  startCampaign = (of: StartCampaign): Promise<StartedCampaign> =>
    answered(this.#fleet.POST("/v1/campaigns", { signal: AbortSignal.timeout(campaignLimitMs), body: sent(of) }))
  continueCampaign = (of: ContinueCampaign): Promise<ContinuedCampaign> =>
    answered(this.#fleet.POST("/v1/campaigns/continue", { signal: AbortSignal.timeout(campaignLimitMs), body: sent(of) }))
  comparison = (run: string): Promise<Comparison> =>
    answered<unknown>(this.#fleet.GET("/v1/runs/{run}/comparison", { ...this.#soon(), params: { path: { run } } })) as Promise<Comparison>
  /** Null: none of them lands. */
  pick = (run: string, strategy: string | null): Promise<RunView> =>
    answered(this.#fleet.POST("/v1/runs/{run}/pick", { ...this.#soon(), params: { path: { run } }, body: { strategy } }))
  diagnose = (directory: string): Promise<Diagnosis> =>
    answered<unknown>(this.#fleet.POST("/v1/health", { signal: AbortSignal.timeout(diagnoseLimitMs), body: { directory } })) as Promise<Diagnosis>
  find = (name: string): Promise<Found> => answered(this.#fleet.GET("/v1/find", { ...this.#soon(), params: { query: { name } } }))
  approvals = (): Promise<readonly ApprovalView[]> => all((query) => answered(this.#fleet.GET("/v1/approvals", { ...this.#soon(), params: { query } })))
  answer = (approval: string, allow: boolean, note: string | null): Promise<ApprovalView> =>
    answered(this.#fleet.POST("/v1/approvals/{approval}", { ...this.#soon(), params: { path: { approval } }, body: { allow, note } }))
  workers = (): Promise<readonly WorkerView[]> => all((query) => answered(this.#fleet.GET("/v1/workers", { ...this.#soon(), params: { query } })))

  sessions = (): Promise<readonly SessionView[]> => all((query) => answered(this.#fleet.GET("/v1/sessions", { ...this.#soon(), params: { query } })))
  session = (session: string): Promise<SessionView> => answered(this.#fleet.GET("/v1/sessions/{session}", this.#session(session)))
  createSession = (of: CreateSession): Promise<SessionView> =>
    answered(this.#fleet.POST("/v1/sessions", { signal: AbortSignal.timeout(openingLimitMs), body: sent(of) }))
  promptSession = (session: string, of: PromptSession): Promise<{ readonly prompt: string; readonly after: number }> =>
    answered(this.#fleet.POST("/v1/sessions/{session}/prompts", { ...this.#session(session), body: sent(of) }))
  stopTurn = (session: string): Promise<SessionView> => answered(this.#fleet.POST("/v1/sessions/{session}/stop", this.#session(session)))
  resumeSession = (session: string): Promise<SessionView> =>
    answered(this.#fleet.POST("/v1/sessions/{session}/resume", { ...this.#session(session), signal: AbortSignal.timeout(openingLimitMs) }))
  endSession = (session: string, how: { readonly cleanup: boolean; readonly forget: boolean }): Promise<unknown> => {
    const query = { cleanup: how.cleanup ? "1" : "0", forget: how.forget ? "1" : "0" } as const
    return answered(this.#fleet.DELETE("/v1/sessions/{session}", { ...this.#soon(), params: { path: { session }, query } }))
  }
  sessionDiff = (session: string): Promise<TaskDiff> =>
    answered(this.#fleet.GET("/v1/sessions/{session}/diff", { ...this.#soon(), params: { path: { session }, query: { texts: "0" } } }))
  transcript = (session: string, offset: number): Promise<TranscriptPage> =>
    answered(this.#fleet.GET("/v1/sessions/{session}/transcript", { ...this.#soon(), params: { path: { session }, query: { offset } } }))
  callbacks = (): Promise<readonly CallbackView[]> => all((query) => answered(this.#fleet.GET("/v1/callbacks", { ...this.#soon(), params: { query } })))

  webhooks = (): Promise<readonly WebhookView[]> => all((query) => answered(this.#fleet.GET("/v1/webhooks", { ...this.#soon(), params: { query } })))
  /** Told of the topics that are named, of everything when none is. The secret is shown this once. */
  addWebhook = (url: string, of: readonly Topic[]): Promise<AddedWebhook> =>
    answered(this.#fleet.POST("/v1/webhooks", { ...this.#soon(), body: { url, topics: [...of], secret: null } }))
  testWebhook = (webhook: string): Promise<WebhookView> =>
    answered(this.#fleet.POST("/v1/webhooks/{webhook}/test", { ...this.#soon(), params: { path: { webhook } } }))
  enableWebhook = (webhook: string): Promise<WebhookView> =>
    answered(this.#fleet.POST("/v1/webhooks/{webhook}/enable", { ...this.#soon(), params: { path: { webhook } } }))
  /** Has no answer but that it is done. */
  async removeWebhook(webhook: string): Promise<void> {
    const { error, response } = await this.#fleet.DELETE("/v1/webhooks/{webhook}", { ...this.#soon(), params: { path: { webhook } } })
    if (!response.ok) throw refusalOf(error, response.status)
  }

  claims = (): Promise<readonly ClaimView[]> => all((query) => answered(this.#fleet.GET("/v1/claims", { ...this.#soon(), params: { query } })))
  takeClaim = (of: TakeClaim): Promise<ClaimView> => answered(this.#fleet.POST("/v1/claims", { ...this.#soon(), body: sent(of) }))
  renewClaim = (claim: string, minutes: number): Promise<ClaimView> =>
    answered(this.#fleet.POST("/v1/claims/{claim}/renew", { ...this.#soon(), params: { path: { claim } }, body: { minutes } }))
  /** Has no answer but that it is done. */
  async releaseClaim(claim: string): Promise<void> {
    const { error, response } = await this.#fleet.DELETE("/v1/claims/{claim}", { ...this.#soon(), params: { path: { claim } } })
    if (!response.ok) throw refusalOf(error, response.status)
  }
  discoveries = (): Promise<readonly DiscoveryView[]> => all((query) => answered(this.#fleet.GET("/v1/discoveries", { ...this.#soon(), params: { query } })))
  reportDiscovery = (of: ReportDiscovery): Promise<DiscoveryView> => answered(this.#fleet.POST("/v1/discoveries", { ...this.#soon(), body: sent(of) }))

  /** Answers when the session rests, or after a while; `over` says which. */
  waitFor = (session: string): Promise<{ readonly over: boolean; readonly sessions: readonly SessionView[] }> =>
    answered(
      this.#fleet.GET("/v1/wait", {
        signal: AbortSignal.timeout(this.#limitMs + waitSeconds * 1_000),
        params: { query: { session: [session], timeout: waitSeconds } },
      }),
    )
  assess = (of: AssessRequest): Promise<Assessment> => answered(this.#fleet.POST("/v1/plans/assess", { ...this.#soon(), body: sent(of) }))

  /** What happens in a run, from now on or from after an event number. Ends when the hub ends it; rejects when the connection breaks. */
  async *live(run: string, after: number | null, signal: AbortSignal): AsyncIterable<ServerEvent> {
    const query = after === null ? {} : { after }
    const { data, error, response } = await this.#fleet.GET("/v1/runs/{run}/live", { params: { path: { run }, query }, parseAs: "stream", signal })
    if (error !== undefined) throw refusalOf(error, response.status)
    if (data === null || data === undefined) return
    try {
      yield* readServerEvents(Readable.fromWeb(data as ReadableStream))
    } catch (error) {
      throw unreachable(error, { socket: this.socket })
    }
  }

  #soon(): { readonly signal: AbortSignal } {
    return { signal: AbortSignal.timeout(this.#limitMs) }
  }
  #task(run: string, key: string) {
    return { ...this.#soon(), params: { path: { run, key } } }
  }
  #session(session: string) {
    return { ...this.#soon(), params: { path: { session } } }
  }
}

const pageItems = 500

/** Every page of a list. */
async function all<Item>(
  page: (query: { limit: number; cursor?: string }) => Promise<{ readonly items: readonly Item[]; readonly next_cursor?: string | null }>,
): Promise<readonly Item[]> {
  const items: Item[] = []
  let cursor: string | null = null
  do {
    const one: { readonly items: readonly Item[]; readonly next_cursor?: string | null } = await page({
      limit: pageItems,
      ...(cursor === null ? {} : { cursor }),
    })
    items.push(...one.items)
    cursor = one.next_cursor ?? null
  } while (cursor !== null)
  return items
}
