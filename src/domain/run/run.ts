/** One execution of a plan on one repository, towards one target branch. */
import type { ApprovalId, RunId, TaskId } from "../ids.ts"
import type { Gate } from "../gate/gate.ts"
import type { PlanFault, PlanTask, TaskType } from "../plan/plan.ts"
import type { Campaign } from "./campaign.ts"
import type { Wave, WaveEvent } from "./wave.ts"

export interface Run extends RunTerms {
  readonly id: RunId
  readonly tasks: readonly TaskId[]
  readonly startedAt: number
  readonly status: RunStatus
  /** Of a run in waves: all that were begun, the newest last. */
  readonly waves: readonly Wave[]
  /** Of a campaign: what was said and asked before it began; null before that. */
  readonly gate: Gate | null
  /** Nothing of it starts before a person has answered. */
  readonly hold: RunHold | null
  /** The next wave begins by itself; otherwise a person is asked before each. */
  readonly autoContinue: boolean
  /** Number of the wave that a person has let begin; null: nobody was asked. */
  readonly waveAllowed: number | null
  /** Of a campaign whose plan an agent made: what is still said against that plan. Null: nobody made one yet. */
  readonly criticism: readonly PlanFault[] | null
  /** Of a speculative campaign: whose work was chosen; null while that is open. */
  readonly picked: Picked | null
  /** Its workers were told that its repository is not needed any more. */
  readonly tidied: boolean
}

/** start: whether it may begin. wave: nobody in the last wave succeeded, or a person wants to be asked before each. pick: which of several strategies is to land. */
export interface RunHold {
  readonly for: "start" | "wave" | "pick"
  readonly approval: ApprovalId
}

export interface Picked {
  /** Null: none of them. */
  readonly task: TaskId | null
  readonly by: string
  readonly at: number
}

/** What was agreed when it was submitted. */
export interface RunTerms {
  readonly goal: string
  /** Absolute path of the checkout or bare repository that it was started in. */
  readonly repository: string
  /** Git's common directory: what all checkouts of the repository share. */
  readonly commonDirectory: string
  /** Paths of this repository that differ only in case are the same file. */
  readonly ignoreCase: boolean
  readonly target: string
  readonly guardrails: readonly string[]
  /** Commands that must pass on every merged result. */
  readonly checks: readonly string[]
  readonly setup: string | null
  readonly settings: RunSettings
  /** Null: a plan that somebody wrote, and nothing more. */
  readonly campaign: Campaign | null
}

export type RunStatus =
  | { readonly name: "running" }
  /** A person asked to stop; attempts are being ended. */
  | { readonly name: "stopping"; readonly by: string }
  | { readonly name: "settled"; readonly outcome: RunOutcome; readonly at: number }

/**
 * failed: nothing can go on and not every task is done. cancelled: the same, because a person stopped it. Once a strategy was picked, that one alone
 * counts; cancelled where it was none of them.
 */
export type RunOutcome = "done" | "failed" | "cancelled"

export interface RunSettings {
  /** Agent of tasks that name none. */
  readonly agent: string
  /** Attempts of this run at once, besides what workers and agents allow; null: no further limit. */
  readonly slotsMax: number | null
  /** Tasks of a wave, which must be over before the next wave begins; null: each task starts when its own needs are met. */
  readonly waveSize: number | null
  /** Tokens that the tasks of one wave are estimated to use at most; null: not looked at. */
  readonly waveTokens: number | null
  /** A person is asked before the work of a wave lands. */
  readonly confirmMerges: boolean
  readonly timeoutMs: Readonly<Record<TaskType, number>>
  readonly stallMs: number
  /** Further attempts after a failed one, for tasks that do not say. */
  readonly retries: number
  readonly checkTimeoutMs: number
  /** What each task's agents work in. */
  readonly workspace: "worktree" | "clone"
  /** What happens to a diff outside of the declared scope when nobody else holds those paths. */
  readonly widening: "ask" | "allow"
}

const minuteMs = 60_000

export const defaultSettings: Omit<RunSettings, "agent"> = {
  slotsMax: null,
  waveSize: null,
  waveTokens: null,
  confirmMerges: false,
  timeoutMs: { skill: 10 * minuteMs, research: 15 * minuteMs, build: 30 * minuteMs },
  stallMs: 5 * minuteMs,
  retries: 2,
  checkTimeoutMs: 10 * minuteMs,
  workspace: "worktree",
  widening: "ask",
}

/** What runs that an older Fleet submitted do not say. */
export const settingsNotThen: Pick<RunSettings, "waveTokens" | "confirmMerges"> = { waveTokens: null, confirmMerges: false }

/** A task as submitted, with its place on the critical path: minutes from its start to the end of the plan. */
export interface SubmittedTask {
  readonly plan: PlanTask
  readonly rankMinutes: number
}

/** What a planner agent's plan adds to the terms. */
export interface PlannedTerms {
  readonly goal: string
  readonly guardrails: readonly string[]
  readonly checks: readonly string[]
  readonly setup: string | null
}

export type RunEvent =
  | { readonly type: "run.submitted"; readonly run: RunId; readonly terms: RunTerms; readonly tasks: readonly SubmittedTask[] }
  /** Its planner's plan was taken: these are its further tasks. */
  | {
      readonly type: "run.planned"
      readonly run: RunId
      readonly terms: PlannedTerms
      readonly tasks: readonly SubmittedTask[]
      readonly criticism: readonly PlanFault[]
    }
  /** What its gate said. `waveSize`: how it goes on; another than was asked for when so many agents are not warranted. */
  | { readonly type: "run.gated"; readonly run: RunId; readonly gate: Gate; readonly waveSize: number | null }
  | { readonly type: "run.held"; readonly run: RunId; readonly hold: RunHold }
  /** `wave`: the one that may begin. */
  | { readonly type: "run.freed"; readonly run: RunId; readonly wave?: number }
  | { readonly type: "run.auto-continue"; readonly run: RunId; readonly on: boolean }
  /** Somebody added tasks while it goes on. */
  | { readonly type: "run.extended"; readonly run: RunId; readonly tasks: readonly SubmittedTask[] }
  /** The strategy that was picked did not land, and others could. */
  | { readonly type: "run.unpicked"; readonly run: RunId }
  | { readonly type: "run.picked"; readonly run: RunId; readonly task: TaskId | null; readonly by: string }
  | { readonly type: "run.stopping"; readonly run: RunId; readonly by: string }
  | { readonly type: "run.resumed"; readonly run: RunId }
  | WaveEvent
  | { readonly type: "run.settled"; readonly run: RunId; readonly outcome: RunOutcome }
  | { readonly type: "run.tidied"; readonly run: RunId }
  /** It leaves the state; its events stay. */
  | { readonly type: "run.archived"; readonly run: RunId }

/** How long an attempt of this task may take. */
export function timeoutMs(run: Run, plan: PlanTask): number {
  return plan.timeoutMinutes === null ? run.settings.timeoutMs[plan.type] : plan.timeoutMinutes * minuteMs
}
