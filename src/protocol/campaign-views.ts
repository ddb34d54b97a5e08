/** Waves and campaigns as the hub shows them, and how one is started. Times are epoch milliseconds. */
import type { Plan, PlanFault } from "../domain/plan/plan.ts"
import type { RunView } from "./views.ts"

export interface WaveView {
  readonly number: number
  /** Keys. */
  readonly tasks: readonly string[]
  readonly open: boolean
  /** Who was ready and had to wait for a later wave, and why: a sentence each. */
  readonly moved: readonly string[]
  /** Keys of those that could not be given a workspace. */
  readonly gaps: readonly string[]
  /** Null while it is open. */
  readonly tokens: number | null
}

export interface GateView {
  readonly disclosure: string
  readonly colour: "green" | "amber" | "red"
  readonly why: string
  /** What is done instead, because so many agents are not warranted. */
  readonly downgrade: string | null
}

export interface CampaignView {
  readonly mode: "standard" | "quick" | "speculative"
  readonly slug: string
  readonly direction: string
  /** Key of the task whose agent makes the plan; null: the plan was there. */
  readonly planner: string | null
  /** It makes it now. */
  readonly planning: boolean
  /** Commands that must pass on everything that is merged, of the plan and of harness.json. */
  readonly checks: readonly string[]
  /** What was said before it began; null until its tasks are known. */
  readonly gate: GateView | null
  /** What is said against the plan that an agent made. */
  readonly criticism: readonly PlanFault[]
  /** Keys of the waves as they are foreseen, in the order of their merges; empty while it is planned. */
  readonly foreseen: readonly (readonly string[])[]
  /** Number of the first of them. One that goes on from a session file counts on. */
  readonly foreseenFrom: number
  /** What it waits for a person for. */
  readonly hold: "start" | "wave" | "pick" | null
  /** Of a speculative one: key of the strategy that was picked. */
  readonly picked: string | null
  /** Relative to the repository; null where nothing is written down. */
  readonly sessionFile: string | null
  /** The HANDOFF block that ends it; null while it goes on. Hostile text in it. */
  readonly handoff: string | null
}

/** Answer of `POST /v1/campaigns`. */
export interface StartedCampaign extends RunView {
  /** What the person should know of the project's files, a sentence each: what could not be read, and what holds in its place. */
  readonly said: readonly string[]
}

/** Body of `POST /v1/campaigns`. */
export interface StartCampaign {
  readonly mode: "standard" | "quick" | "speculative"
  /** What is wanted, in words. */
  readonly direction: string
  /** Text of a specification that is to be divided; null: the direction is all there is. */
  readonly spec: string | null
  /** The tasks, or the strategies, where they are known; null: an agent makes the plan. */
  readonly plan: Plan | null
  /** How many strategies an agent is to find. */
  readonly strategies: number | null
  /** Absolute path of the checkout. */
  readonly directory: string
  /** Commands that must pass on everything that is merged, beside the plan's own; of a speculative campaign, on each strategy. */
  readonly checks: readonly string[]
  readonly target: string | null
  readonly agent: string | null
  readonly slots: number | null
  /** Null: no waves. */
  readonly waveSize: number | null
  /** Whether files are kept under `.planning/`; null: as its mode has it, which is not in the quick one. */
  readonly record: boolean | null
  /** A person is asked before each wave is merged. */
  readonly confirmMerges: boolean
  /** Shell command that prints a number for each strategy; the smallest is best. */
  readonly benchmark: string | null
  /** The best is picked by what was measured, without a question. */
  readonly pickBest: boolean
  /** unless-red: agreed to beforehand, but for what is hard to take back. */
  readonly confirmed: "yes" | "unless-red" | "no"
}
