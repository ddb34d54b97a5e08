/**
 * What makes a run a campaign: it has a direction instead of a plan that somebody wrote, gates before it begins, and (in the standard mode) waves and
 * a record under `.planning/` that people and other tools read.
 */
import type { TaskKey, TaskId } from "../ids.ts"
import type { GateConsent } from "../gate/gate.ts"
import type { TrustLevel } from "../gate/trust.ts"
import { isSkipped, type Task } from "../task/task.ts"
import type { Run } from "./run.ts"

export interface Campaign {
  readonly mode: CampaignMode
  /** Names its session file, its instances and its branches: the run's id, but for one that was continued from a session file. */
  readonly slug: string
  readonly direction: string
  /** Text of a specification beside the direction; null: there is none. A campaign of an older Fleet says nothing of it. */
  readonly spec?: string | null
  /** Key of the task whose agent makes the plan; null: the plan was there. */
  readonly planner: TaskKey | null
  /** Of a speculative one: how many strategies its planner is to find; else null. */
  readonly strategies: number | null
  /** Waves that were over before: it was continued from its session file. */
  readonly wavesBefore: number
  /** What that file said; null: it is a new one. A campaign of an older Fleet says nothing of it. */
  readonly continued?: Continued | null
  /** Keeps files under `.planning/`. */
  readonly record: boolean
  /** Commit that all strategies start from; null: what the target is when each is begun. */
  readonly base: string | null
  /** Shell command that prints a number for each strategy; the smallest of those that pass is best. Null: nothing is measured. */
  readonly benchmark: string | null
  /** The best is picked without a question. */
  readonly pickBest: boolean
  readonly trust: TrustLevel
  readonly consent: GateConsent
  /** yes: the person saw these tasks and agreed. unless-red: they agreed beforehand, which does not hold for what is hard to take back. no: nobody was asked. */
  readonly confirmed: "yes" | "unless-red" | "no"
}

/** What stands in a session file that a campaign goes on from, and in no other state. */
export interface Continued {
  /** SHA-256 of its text, in hexadecimal: what a person had made of it is in the plan, and no edit of it. */
  readonly text: string
  readonly name: string
  /** As it stands there. */
  readonly started: string
  /** Agents that had worked before. */
  readonly agents: number
}

/** standard: waves with relay and record. quick: one wave, with no record unless `record` is set (what a person answered for always is kept). speculative: several ways to the same end, one of which lands. */
export type CampaignMode = "standard" | "quick" | "speculative"

export const isSpeculative = ({ campaign }: Pick<Run, "campaign">): boolean => campaign?.mode === "speculative"

/** Of all campaigns in a repository: none of them is a stranger to another. */
export function campaignSlugs(runs: Iterable<Run>, commonDirectory: string): string[] {
  const there = [...runs].filter((run) => run.commonDirectory === commonDirectory)
  return [...new Set(there.flatMap(({ campaign }) => (campaign === null ? [] : [campaign.slug])))]
}

/** Its agent makes the plan of the run, and nothing else. */
export const isPlanner = (run: Pick<Run, "campaign">, task: { readonly key: TaskKey }): boolean => run.campaign !== null && run.campaign.planner === task.key

/** One of the strategies that are compared. */
export const isStrategy = (run: Pick<Run, "campaign">, task: { readonly key: TaskKey }): boolean => isSpeculative(run) && !isPlanner(run, task)

/** What becomes of the run hangs on it: nobody left it out, and no other strategy was picked, nor none of them. */
export const isWanted = ({ picked }: Pick<Run, "picked">, task: Task): boolean => !isSkipped(task) && (picked === null || picked.task === task.id)

export function branchOf(run: Pick<Run, "campaign" | "id">, task: { readonly key: TaskKey; readonly id: TaskId }): string {
  return run.campaign !== null && isStrategy(run, task) ? `speculative/${run.campaign.slug}/${task.key}` : `fleet/${run.id}/${task.key}`
}
