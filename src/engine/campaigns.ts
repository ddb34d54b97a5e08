/** From a direction to a campaign: which repository, whose trust, who makes the plan; and everything that is wrong with what was asked. */
import { fault, FaultError, type Fault } from "../domain/fault.ts"
import { waveTokensMax } from "../domain/gate/tokens.ts"
import { id, type RunId } from "../domain/ids.ts"
import { checkPlan } from "../domain/plan/check.ts"
import { checkStrategies, strategyLimits } from "../domain/plan/criticise-strategies.ts"
import { plainTask } from "../domain/plan/plain-task.ts"
import type { Plan, PlanFault, PlanTask } from "../domain/plan/plan.ts"
import { plannerPrompt, strategistPrompt } from "../domain/plan/planner-prompt.ts"
import { runOf, taskOf } from "../domain/project/state.ts"
import type { RepositoryFacts } from "../domain/repository/facts.ts"
import type { Campaign, Continued } from "../domain/run/campaign.ts"
import { scopesOf } from "../domain/task/task.ts"
import type { HarnessFacts } from "../protocol/planning/record.ts"
import type { StartCampaign } from "../protocol/campaign-views.ts"
import type { Hub } from "./hub.ts"
import { seeClaims } from "./planning/claims.ts"
import { inspect, PlanRefused, runId, settle, targetOf, workerWaitMs } from "./submission.ts"

/** Key of the task whose agent makes the plan. */
export const plannerKey = id<"task key">("plan")
const directionCharsMax = 100_000
const goalCharsMax = 200

export interface StartedRun {
  readonly run: RunId
  /** What the person should know of the project's files, a sentence each: what could not be read falls away, and must not do so unsaid. */
  readonly said: readonly string[]
}

/** One that goes on: the name of its session file, and what that says. */
export type GoesOn = Pick<Campaign, "slug" | "wavesBefore"> & { readonly continued: Continued }

/** Resolves to its run once it is committed. Rejects with `PlanRefused` or a `FaultError`; then nothing has started. */
export async function startCampaign(hub: Hub, of: StartCampaign, from: GoesOn | null = null): Promise<StartedRun> {
  const wrong = refusal(of)
  if (wrong !== null) throw new FaultError(wrong)
  const facts = await inspect(hub, of.directory, of.target)
  const target = targetOf(facts, of.target)
  const harness = await harnessOf(hub, facts.root)
  // What others hold is known before anything of this one can start.
  const { notices } = await seeClaims(hub, facts, { sweep: true, files: [] })
  const plan = withChecks(of.plan ?? planToMake(hub, of, facts), [...harness.checks, ...of.checks], of)
  const faults = of.plan === null ? [] : faultsOf(of, of.plan)
  if (faults.some(({ severity }) => severity === "error")) throw new PlanRefused(faults)
  const waves = of.mode === "standard" ? of.waveSize : null
  const settings = {
    ...(await settle(hub, { plan, agent: of.agent, slots: of.slots, waveSize: waves })),
    waveTokens: waves === null ? null : waveTokensMax,
    confirmMerges: of.confirmMerges,
    timeoutMs: harness.timeoutMs ?? hub.parts.settings.timeoutMs,
  }
  const run = runId(plan.goal)
  const campaign = { ...campaignOf(of, run, facts, target, harness), ...from }
  const { root: repository, commonDirectory, ignoreCase } = facts
  await hub.repositories.during(commonDirectory, () =>
    hub.send({
      type: "run.submit",
      run,
      plan: { ...plan, setup: plan.setup ?? hub.parts.setup },
      repository,
      commonDirectory,
      ignoreCase,
      target,
      settings,
      campaign,
    }),
  )
  return { run, said: [...(harness.notice === null ? [] : [harness.notice]), ...notices].slice(0, saidMax).map(sentence) }
}

const saidMax = 20

const sentence = ({ what, why, fix }: Fault): string => `${what}: ${why}; ${fix}`

/** What the project's own checks say is not left to the plan: they must pass on everything that is merged (C.1.42, C.1.43, C.1.74), and on each strategy's own branch (C.1.105). */
function withChecks(plan: Plan, checks: readonly string[], { mode }: StartCampaign): Plan {
  const together = (own: readonly string[]): string[] => [...new Set([...own, ...checks])]
  const each = (task: PlanTask): PlanTask => (mode === "speculative" && task.key !== plannerKey ? { ...task, checks: together(task.checks) } : task)
  return { ...plan, checks: together(plan.checks), tasks: plan.tasks.map(each) }
}

export async function harnessOf(hub: Hub, repository: string): Promise<HarnessFacts> {
  const answer = await hub.workers.ask(await hub.anyWorker(workerWaitMs), { ask: "harness", repository })
  if (answer.ask !== "harness") throw new Error(`asked for harness.json, answered ${answer.ask}`)
  if (answer.harness.notice !== null) hub.parts.complain(new FaultError(answer.harness.notice))
  return answer.harness
}

function campaignOf(of: StartCampaign, run: RunId, facts: RepositoryFacts, target: string, { trust, consent }: HarnessFacts): Campaign {
  const speculative = of.mode === "speculative"
  const planner = of.plan === null ? plannerKey : null
  return {
    mode: of.mode,
    slug: run,
    direction: of.direction === "" ? (of.plan?.goal ?? "") : of.direction,
    spec: of.spec,
    planner,
    strategies: speculative ? (of.strategies ?? of.plan?.tasks.length ?? strategyLimits.min) : null,
    wavesBefore: 0,
    continued: null,
    // Of a quick one the results are shown where it was asked for, and nowhere else.
    record: of.record ?? of.mode !== "quick",
    base: speculative ? (target === facts.branch ? facts.head : facts.refCommit) : null,
    benchmark: of.benchmark,
    pickBest: of.pickBest,
    trust,
    consent,
    confirmed: of.confirmed,
  }
}

/** A plan of one task, whose agent makes the rest. */
function planToMake(hub: Hub, of: StartCampaign, { commonDirectory }: RepositoryFacts): Plan {
  const goal = firstWords(of.direction)
  const prompt =
    of.mode === "speculative"
      ? strategistPrompt({ direction: of.direction, count: of.strategies ?? strategyLimits.min })
      : plannerPrompt({ direction: of.direction, spec: of.spec, claims: openClaims(hub, commonDirectory) })
  return {
    version: 1,
    goal,
    guardrails: [],
    checks: [],
    setup: null,
    tasks: [
      { ...plainTask, key: plannerKey, title: of.mode === "speculative" ? "Find the strategies" : "Make the plan", prompt, type: "research", role: "planner" },
    ],
    source: { format: "inline", file: null },
  }
}

/** What somebody holds now: the plan should keep out of it, or wait. */
function openClaims({ state }: Hub, commonDirectory: string) {
  const taken = [...state.taken.values()].filter((claim) => claim.commonDirectory === commonDirectory)
  const working = [...state.claims].map((id) => taskOf(state, id)).filter(({ run }) => runOf(state, run).commonDirectory === commonDirectory)
  return [...taken, ...working.map((task) => ({ holder: `task ${task.id}`, scopes: scopesOf(task) }))]
}

const faultsOf = (of: StartCampaign, plan: Plan): PlanFault[] =>
  of.mode === "speculative" ? checkStrategies(plan, of.strategies ?? plan.tasks.length) : checkPlan(plan)

function refusal(of: StartCampaign): Fault | null {
  const { mode, direction, plan, strategies, spec } = of
  if (direction.trim() === "" && plan === null && (spec === null || spec.trim() === ""))
    return fault("direction-empty", "there is no direction", "nothing says what is wanted", 'say it in words: fleet run "make the API faster"')
  if (direction.length > directionCharsMax)
    return fault(
      "direction-too-long",
      "the direction is too long",
      `it has ${direction.length} characters; ${directionCharsMax} are the most`,
      "put it in a file: fleet run spec.md",
    )
  if (mode === "quick" && plan === null)
    return fault("quick-needs-tasks", "quick mode needs tasks", "it makes no plan", 'name at least two: fleet quick "do this; do that"')
  const count = strategies ?? plan?.tasks.length ?? strategyLimits.min
  if (mode === "speculative" && (count < strategyLimits.min || count > strategyLimits.max))
    return fault(
      "strategies-count",
      `${count} ${count === 1 ? "strategy" : "strategies"} cannot be compared`,
      `there must be ${strategyLimits.min} to ${strategyLimits.max}`,
      'fleet speculate 3 "…"',
    )
  return null
}

const firstWords = (text: string): string => {
  const line = text.replaceAll(/\s+/g, " ").trim()
  return line === "" ? "A campaign" : line.length <= goalCharsMax ? line : `${line.slice(0, goalCharsMax - 1)}…`
}
