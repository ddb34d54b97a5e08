/**
 * All that the tools for agents need of Fleet, as plain asynchronous functions on views. Each rejects with a `FaultError`.
 * `over-http.ts` speaks it to a hub, in the hub itself and from outside.
 */
import type { HealthFindings } from "../../domain/health/health.ts"
import type { Assessment, AssessRequest } from "../../domain/plan/assessment.ts"
import type { Plan } from "../../domain/plan/plan.ts"
import type { Comparison } from "../../domain/strategy/comparison.ts"
import type { FileChange } from "../../domain/worker/job-result.ts"
import type { ContinueCampaign, ContinuedCampaign } from "../../protocol/api/schemas/continue-campaign.ts"
import type { StartCampaign, StartedCampaign } from "../../protocol/campaign-views.ts"
import type { ApprovalView, EventView, PlanReview, RunView, SubmitRun } from "../../protocol/views.ts"
import type { ClaimView, DiscoveryView, ReportDiscovery, TakeClaim } from "../../protocol/coordination-views.ts"
import type { CreateSession, PromptSession, SessionStatusName, SessionView } from "../../protocol/session-views.ts"
import type { TranscriptEntry } from "../../protocol/worker.ts"

export interface FleetForAgents {
  caller(): Promise<AgentCaller>
  /** Where relative wishes start: an absolute directory, or null when the caller has none. */
  readonly here: string | null
  assess(request: AssessRequest): Promise<Assessment>
  review(submit: SubmitRun): Promise<PlanReview>
  submit(submit: SubmitRun): Promise<RunView>
  /** Newest first. */
  runs(page: PageAsked): Promise<Page<RunView>>
  run(name: string): Promise<RunView>
  stopRun(name: string): Promise<RunView>
  startCampaign(of: StartCampaign): Promise<StartedCampaign>
  continueCampaign(of: ContinueCampaign): Promise<ContinuedCampaign>
  compare(run: string): Promise<Comparison>
  /** Null: it is not over after `limitMs`; the next call joins it. */
  diagnose(directory: string, limitMs: number, signal: AbortSignal): Promise<Diagnosis | null>
  /** What `diagnose` gave the same caller last; null when it gave nothing. */
  diagnosed(directory: string): Promise<Diagnosis | null>
  taskDiff(run: string, key: string): Promise<Diff>
  /** Newest first. */
  sessions(page: PageAsked, only?: SessionsAsked): Promise<Page<SessionView>>
  session(name: string): Promise<SessionView>
  createSession(of: CreateSession): Promise<SessionView>
  promptSession(name: string, of: PromptSession): Promise<void>
  sessionDiff(name: string): Promise<Diff>
  /** Entries from a byte offset on; `next` is the offset to go on from, equal to `offset` at the end. */
  transcript(session: string, offset: number): Promise<TranscriptPart>
  approvals(): Promise<readonly ApprovalView[]>
  answer(approval: string, allow: boolean, note: string | null): Promise<ApprovalView>
  claims(): Promise<readonly ClaimView[]>
  takeClaim(of: TakeClaim): Promise<ClaimView>
  releaseClaim(claim: string): Promise<void>
  discoveries(page: PageAsked): Promise<Page<DiscoveryView>>
  reportDiscovery(of: ReportDiscovery): Promise<DiscoveryView>
  handOff(session: string, items: readonly string[]): Promise<void>
  /** Resolves once nothing can be missed any more; then milestones as they come, until `signal` or the hub ends it. */
  follow(signal: AbortSignal): Promise<AsyncIterable<EventView>>
}

/** `session`: whose agent calls; null where that cannot be told. */
export type AgentCaller = { readonly kind: "person" } | { readonly kind: "agent"; readonly session: string | null }

/** The session whose agent calls, or null. */
export async function sessionOf(fleet: FleetForAgents): Promise<string | null> {
  const caller = await fleet.caller()
  return caller.kind === "agent" ? caller.session : null
}

export interface Diagnosis {
  readonly findings: HealthFindings
  /** Null: nothing is to be done. */
  readonly plan: Plan | null
  readonly queue: readonly { readonly rank: number; readonly task: string; readonly wave: number; readonly why: string }[]
  readonly unknown: readonly string[]
  readonly notices: readonly string[]
}

export interface PageAsked {
  readonly cursor: string | null
  readonly limit: number
}
/** Null: all of them. */
export interface SessionsAsked {
  readonly status: SessionStatusName | null
  readonly parent: string | null
  readonly directory?: string | null
}
export interface Page<Item> {
  readonly items: readonly Item[]
  /** Null: that was the last page. */
  readonly next: string | null
}
export interface Diff {
  readonly files: readonly FileChange[]
  readonly patch: string
  /** The patch is longer than what the hub sends. */
  readonly cut: boolean
}
export interface TranscriptPart {
  readonly entries: readonly TranscriptEntry[]
  readonly next: number
  readonly ended: boolean
}
