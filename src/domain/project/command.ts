/** What can be asked of a project, and what it hears. Outcomes of actions come in by the same door as wishes of people. */
import type { ApprovalId, BootId, ClaimId, MessageId, RunId, SessionId, TaskId, TaskKey, WorkerId } from "../ids.ts"
import type { Plan, PlanTask } from "../plan/plan.ts"
import type { Campaign } from "../run/campaign.ts"
import type { RunSettings } from "../run/run.ts"
import type { QueuedPrompt, SessionTerms } from "../session/session.ts"
import type { Scope } from "../scope/scope.ts"
import type { Report } from "../worker/job-result.ts"
import type { WebhookCommand } from "../webhook/webhook.ts"
import type { WorkerOffer } from "../worker/worker.ts"

export type Command =
  | {
      readonly type: "run.submit"
      readonly run: RunId
      readonly plan: Plan
      readonly repository: string
      readonly commonDirectory: string
      readonly ignoreCase: boolean
      readonly target: string
      readonly settings: RunSettings
      readonly campaign: Campaign | null
    }
  | { readonly type: "run.stop"; readonly run: RunId; readonly by: string }
  /** A person adds a task while the run goes on. */
  | { readonly type: "run.extend"; readonly run: RunId; readonly task: PlanTask }
  | { readonly type: "run.auto-continue"; readonly run: RunId; readonly on: boolean }
  /** What has not begun may still be changed. */
  | { readonly type: "task.change"; readonly task: TaskId; readonly scope: readonly Scope[] | null; readonly after: readonly TaskKey[] | null }
  /** It is not done, and nobody waits for it. */
  | { readonly type: "task.skip"; readonly task: TaskId }
  /** `key`: the strategy that is to land; null: none of them. */
  | { readonly type: "run.pick"; readonly run: RunId; readonly key: TaskKey | null; readonly by: string }
  | { readonly type: "run.continue"; readonly run: RunId }
  | { readonly type: "task.stop"; readonly task: TaskId }
  | { readonly type: "task.retry"; readonly task: TaskId }
  | { readonly type: "task.tell"; readonly task: TaskId; readonly message: MessageId; readonly text: string; readonly by: string }
  | { readonly type: "session.create"; readonly session: SessionId; readonly terms: SessionTerms; readonly prompt: QueuedPrompt | null; readonly by: string }
  | { readonly type: "session.prompt"; readonly session: SessionId; readonly prompt: QueuedPrompt }
  /** Stops its turn, not the session. */
  | { readonly type: "session.stop"; readonly session: SessionId; readonly by: string }
  | { readonly type: "session.end"; readonly session: SessionId; readonly release: boolean; readonly forget: boolean; readonly by: string }
  | { readonly type: "session.resume"; readonly session: SessionId }
  | { readonly type: "session.rename"; readonly session: SessionId; readonly title: string }
  /** What its agent hands off, told in so many words instead of printed. */
  | { readonly type: "session.handoff"; readonly session: SessionId; readonly items: readonly string[] }
  | {
      readonly type: "claim.take"
      readonly session: SessionId | null
      readonly holder: string
      readonly commonDirectory: string
      readonly ignoreCase: boolean
      readonly scopes: readonly Scope[]
      readonly purpose: string
      readonly leaseMs: number
    }
  /** Everything that others than Fleet claim in a repository, as it was just seen. */
  | {
      readonly type: "claims.see"
      readonly commonDirectory: string
      readonly ignoreCase: boolean
      readonly claims: readonly { readonly instance: string; readonly scopes: readonly Scope[]; readonly purpose: string }[]
    }
  | { readonly type: "claim.renew"; readonly claim: ClaimId; readonly leaseMs: number }
  | { readonly type: "claim.release"; readonly claim: ClaimId }
  | {
      readonly type: "discovery.report"
      readonly session: SessionId | null
      readonly task: TaskId | null
      readonly commonDirectory: string | null
      readonly text: string
      readonly paths: readonly string[]
    }
  | { readonly type: "approval.answer"; readonly approval: ApprovalId; readonly allow: boolean; readonly by: string; readonly note: string | null }
  | WebhookCommand
  | { readonly type: "worker.join"; readonly worker: WorkerId; readonly offer: WorkerOffer }
  | { readonly type: "worker.leave"; readonly worker: WorkerId; readonly boot: BootId }
  | { readonly type: "worker.report"; readonly worker: WorkerId; readonly boot: BootId; readonly sequence: number; readonly report: Report }
  /** The hub has just started: whatever was connected has yet to come back. */
  | { readonly type: "hub.start" }
  /** An instant that the state waits for has come. */
  | { readonly type: "tick" }
