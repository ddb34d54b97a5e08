/**
 * How many tokens an agent is taken to need, and which agents fit into a wave. Guesses for the order of magnitude, which people see
 * before they agree; what was really used is counted elsewhere (C.1.62 to C.1.67).
 */
import type { PlanTask } from "../plan/plan.ts"

/** scout: research, mapping, audit. execution: build, refactor, implement. verify: type checks, visual checks, QA. */
export type AgentKind = "scout" | "execution" | "verify"

export const kindTokens: Readonly<Record<AgentKind, number>> = { scout: 100_000, execution: 250_000, verify: 60_000 }
/** For a task that names no effort. */
export const kindEffort: Readonly<Record<AgentKind, "low" | "medium" | "high">> = { scout: "medium", execution: "high", verify: "low" }

/** What the agents of a wave may say together, about. */
export const waveTokensMax = 700_000
export const waveAgentsMax = 3

type Weighed = Pick<PlanTask, "type" | "role" | "effort">

/** The effort decides where one is named, for it is what costs; then the role; then the task's type. */
export function agentKind({ type, role, effort }: Weighed): AgentKind {
  const byEffort = effort === null ? undefined : efforts.get(effort.trim().toLowerCase())
  if (byEffort !== undefined) return byEffort
  if (role !== null && verifyRole.test(role)) return "verify"
  if (role !== null && scoutRole.test(role)) return "scout"
  return type === "research" ? "scout" : "execution"
}

export const tokensOf = (task: Weighed): number => kindTokens[agentKind(task)]

export const tokensOfAll = (tasks: readonly Weighed[]): number => tasks.reduce((sum, task) => sum + tokensOf(task), 0)

export interface WaveLimits {
  readonly agentsMax: number
  readonly tokensMax: number
}

export const usualWave: WaveLimits = { agentsMax: waveAgentsMax, tokensMax: waveTokensMax }

/**
 * The first of `tasks` that fit into one wave together, in their order; a later one that is small enough takes the place of one that is
 * too large. Never empty when `tasks` is not: a task that is too large for every wave goes alone.
 */
export function fitWave<Task extends Weighed>(tasks: readonly Task[], limits: WaveLimits = usualWave): Task[] {
  const taken: Task[] = []
  for (const task of tasks) {
    if (taken.length >= Math.max(1, limits.agentsMax)) break
    if (taken.length === 0 || fits([...taken, task], limits)) taken.push(task)
  }
  return taken
}

export const fits = (tasks: readonly Weighed[], limits: WaveLimits = usualWave): boolean =>
  fitsSum({ agents: tasks.length, tokens: tokensOfAll(tasks) }, limits)

/** The contract counts 2 to 3 execution agents, 750K, to a wave of about 700K: up to three agents may go over it by that much. */
export function fitsSum({ agents, tokens }: { readonly agents: number; readonly tokens: number }, { agentsMax, tokensMax }: WaveLimits): boolean {
  const room = agents <= waveAgentsMax ? tokensMax * (750 / 700) : tokensMax
  return agents <= agentsMax && tokens <= room
}

const efforts = new Map<string, AgentKind>([
  ...["none", "minimal", "low"].map((effort) => [effort, "verify"] as const),
  ["medium", "scout"],
  ...["high", "xhigh", "max", "maximum"].map((effort) => [effort, "execution"] as const),
])
const verifyRole = /\b(verif(y|ier|ication)|valid(ate|ator)|qa|test(er|ing)|type-?check(er)?|check(er)?|review(er)?)\b/i
const scoutRole = /\b(scout|research(er)?|map(per)?|audit(or)?|explor(e|er)|analyst|planner|investigat(e|or))\b/i
