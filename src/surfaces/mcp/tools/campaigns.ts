/** Tools for campaigns: a direction that is split into waves or tried in several ways, the strategies side by side, and the health of a repository. */
import { z } from "zod"
import { fault, FaultError } from "../../../domain/fault.ts"
import { sequenceOverlaps } from "../../../domain/plan/quick.ts"
import type { Plan } from "../../../domain/plan/plan.ts"
import type { StartCampaign } from "../../../protocol/campaign-views.ts"
import type { RunView } from "../../../protocol/views.ts"
import { mentionedIn } from "../../cli/campaign/mentioned.ts"
import { fit, line } from "../bounds.ts"
import { directoryOf } from "../directory.ts"
import type { FleetForAgents } from "../fleet-for-agents.ts"
import { readAny, readQuick, refused } from "../plan-text.ts"
import { approvalLine, approvalShape, runLine, runShape, shapeApproval, shapeRun } from "../shapes.ts"
import { findingLines, findingShape, shapeFindings } from "../health-shapes.ts"
import { comparisonLines, shapeStrategy, strategyShape } from "../strategy-shapes.ts"
import { defineTool, kinds, type Tool } from "../tool.ts"

const directory = z.string().max(4_096).nullable().default(null).describe("absolute path of the checkout; default: where you work")

const waveSize = z.number().int().min(1).max(1_000).nullable().default(3).describe("agents of a wave; null: no waves")

const begun = z.object({
  run: runShape,
  questions: z.array(approvalShape).describe("nothing goes on before the person has answered these"),
  notices: z.array(z.string()).describe("what does not hold, or is done again: tell the person"),
})

const campaignInput = z.strictObject({
  mode: z
    .enum(["standard", "quick", "speculative"])
    .default("standard")
    .describe("standard: waves, relay, a record; quick: one wave of 2 or more known tasks; speculative: rival strategies, the person picks one"),
  direction: z.string().max(100_000).default("").describe("what is wanted, in words; an agent makes the plan"),
  spec: z.string().max(1_000_000).nullable().default(null).describe("text of a specification that an agent is to divide"),
  plan: z
    .string()
    .max(1_000_000)
    .nullable()
    .default(null)
    .describe('the tasks or strategies, if you know them: a plan text as run_plan takes it; for quick also "do this; do that"'),
  diagnosis: z.boolean().default(false).describe("true: run the queue that diagnose_repository found"),
  strategies: z.number().int().min(0).max(1_000).nullable().default(null).describe("speculative: how many, 2 to 8"),
  wave_size: waveSize,
  confirm_merges: z.boolean().default(false).describe("the person is asked before each wave is merged"),
  benchmark: z.string().min(1).max(10_000).nullable().default(null).describe("speculative: command that prints a number; the smallest is best"),
  directory,
  target: z.string().max(200).nullable().default(null),
  agent: z.string().max(200).nullable().default(null),
})

const runCampaign = defineTool({
  name: "run_campaign",
  title: "Run a campaign",
  description:
    "Start a campaign from a direction, a specification, or tasks: waves of agents whose scopes do not overlap, what each wave found handed to the next, one merge per wave. Answers at once. Most campaigns wait for the person's yes before anything starts; you cannot give it. Then call wait.",
  input: campaignInput,
  output: begun.extend({ ordered: z.array(z.string()).describe("tasks that were put one after the other, and why") }),
  annotations: kinds.startsAgents,
  call: async (fleet, args) => {
    const { plan, ordered } = await planOf(fleet, args)
    const view = await fleet.startCampaign(startOf(fleet, args, plan))
    const { data, text, links } = begunWith(view, view.said, ordered)
    return { data: { ...data, ordered: [...ordered] }, text, links }
  },
})

const continueCampaign = defineTool({
  name: "continue_campaign",
  title: "Go on with a campaign",
  description:
    "Go on with a campaign from its session file, in a fresh clone too: what is complete is looked for, the rest is done. Only the person says yes to its gate. Then call wait.",
  input: z.strictObject({
    name: z.string().max(100).nullable().default(null).describe("`auth` of session-auth.md; null: the newest with something left"),
    wave_size: waveSize,
    directory,
    agent: z.string().max(200).nullable().default(null),
  }),
  output: begun,
  annotations: kinds.startsAgents,
  call: async (fleet, { name: slug, wave_size: of, directory: named, agent }) => {
    const order = { slug, file: null, directory: directoryOf(fleet, named), target: null, agent, slots: null, waveSize: of, confirmMerges: false }
    const { run, said } = await fleet.continueCampaign({ ...order, anyway: false, confirmed: "no" })
    return begunWith(run, said, [])
  },
})

/** What is told of a campaign that has begun. `said`: of the project and its files. */
function begunWith(view: RunView, said: readonly string[], ordered: readonly string[]) {
  const run = shapeRun(view)
  const notices = said.slice(0, 20).map((one) => line(one, 500))
  const questions = view.approvals.map(shapeApproval).slice(0, 5)
  const text = [
    runLine(run),
    ...notices.map((notice) => `Tell the person: ${notice}`),
    ...ordered,
    ...questions.map((question) => `Asks the person, in \`fleet inbox\`: ${approvalLine(question)}`),
    run.campaign?.planning === true
      ? "An agent makes the plan; then the gate may ask the person, which wait tells you. Tell them so."
      : questions.length > 0
        ? "Nothing starts before the person has answered. Tell them, and wait."
        : "It runs now.",
    `It lands on ${run.target}. Next: wait with run "${run.run}".`,
  ]
  return {
    data: { run, questions, notices },
    text: text.join("\n"),
    links: [{ uri: `fleet://runs/${run.run}`, name: `run ${run.run}`, mimeType: "application/json" }],
  }
}

const compareStrategies = defineTool({
  name: "compare_strategies",
  title: "Strategies side by side",
  description:
    "Compare the strategies of a speculative campaign by what Fleet saw: checks, size, complexity, benchmark, tokens, time. Decisions and tradeoffs are their agents' own words. The person picks: fleet pick <strategy>.",
  input: z.strictObject({ run: z.string().min(1).max(200).describe("handle of the run") }),
  output: z.object({
    direction: z.string(),
    base: z.string().nullable().describe("commit that all started from"),
    strategies: z.array(strategyShape),
    winner: z.string().nullable(),
  }),
  annotations: kinds.looks,
  call: async (fleet, { run }) => {
    const { direction, base, strategies, winner } = await fleet.compare(run)
    const shown = fit(strategies.map(shapeStrategy), 0, 20).items
    const end = winner === null ? "Nothing is picked. The person picks: fleet pick <strategy>." : `Picked: ${winner}.`
    return {
      data: { direction: line(direction, 500), base, strategies: shown, winner },
      text: [line(direction, 500), ...comparisonLines(shown), end].join("\n"),
    }
  },
})

const secondsMax = 50

const diagnose = defineTool({
  name: "diagnose_repository",
  title: "How healthy a repository is",
  description:
    "Run the repository's type check, tests, linter and audit, look for TODOs and stale branches, and rank what is to be done. Changes nothing. Takes minutes: call it again while done is false. Then, if the person wants it: run_campaign with diagnosis.",
  input: z.strictObject({ directory, timeout_s: z.number().min(0).max(secondsMax).default(45).describe("answers after so long at the latest") }),
  output: z.object({
    done: z.boolean().describe("false: it is still looking; call again"),
    findings: z.array(findingShape),
    queue: z.array(z.object({ rank: z.number().int(), task: z.string(), title: z.string(), wave: z.number().int(), why: z.string() })),
    notices: z.array(z.string()),
  }),
  annotations: { ...kinds.sets, openWorldHint: true },
  call: async (fleet, { directory: named, timeout_s }, signal) => {
    const found = await fleet.diagnose(directoryOf(fleet, named), timeout_s * 1_000, signal)
    if (found === null) return { data: { done: false, findings: [], queue: [], notices: [] }, text: "It is still looking. Call diagnose_repository again." }
    const titles = new Map((found.plan?.tasks ?? []).map(({ key, title }) => [String(key), title]))
    const queue = found.queue.map(({ rank, task, wave, why }) => ({ rank, task, title: line(titles.get(task) ?? task, 120), wave, why: line(why) }))
    const findings = shapeFindings(found.findings)
    const notices = [...found.unknown.map((one) => `not known: ${one}`), ...found.notices].slice(0, 20).map((one) => line(one, 300))
    const text = [
      ...findingLines(findings),
      ...queue.map(({ rank, task, title, wave, why }) => `${rank}. ${task} (wave ${wave}): ${title}; ${why}`),
      ...(queue.length === 0 ? ["Nothing is to be done."] : []),
      ...notices,
    ]
    return { data: { done: true, findings, queue, notices }, text: text.join("\n") }
  },
})

export const campaignTools: readonly Tool[] = [runCampaign, continueCampaign, compareStrategies, diagnose]

type CampaignArgs = z.output<typeof campaignInput>

async function planOf(fleet: FleetForAgents, args: CampaignArgs): Promise<{ plan: Plan | null; ordered: readonly string[] }> {
  const { mode, plan: text, diagnosis, spec, direction } = args
  if ([text !== null, diagnosis, spec !== null].filter(Boolean).length > 1)
    throw new FaultError(fault("bad-request", "which of these is it?", "plan, spec and diagnosis are three ways to say what is to be done", "give one of them"))
  if (diagnosis) return { plan: await diagnosed(fleet, directoryOf(fleet, args.directory)), ordered: [] }
  if (text === null) return { plan: null, ordered: [] }
  const read = mode === "quick" ? readQuick(text) : readAny(text)
  if (read.plan === null || read.faults.some(({ severity }) => severity === "error")) throw refused(read.faults)
  const goal = direction.trim() === "" ? read.plan.goal : line(direction)
  if (mode !== "quick") return { plan: { ...read.plan, goal }, ordered: [] }
  const { plan, sequenced } = sequenceOverlaps({ ...read.plan, goal }, { mentioned: mentionedIn(read.plan) })
  return { plan, ordered: sequenced.slice(0, 20).map(({ task, after, why }) => line(`${task} goes after ${after}: ${why}`)) }
}

async function diagnosed(fleet: FleetForAgents, of: string): Promise<Plan> {
  const found = await fleet.diagnosed(of)
  if (found === null)
    throw new FaultError(fault("no-diagnosis", "there is no diagnosis to run", `${of} was not looked at, or not to the end`, "call diagnose_repository first"))
  if (found.plan === null)
    throw new FaultError(
      fault("nothing-to-do", "there is nothing to do", "the diagnosis found nothing that an agent could mend", "say what is wanted as direction"),
    )
  return found.plan
}

/** The person's yes and their choice are theirs: neither is ever said for them here. */
function startOf(fleet: FleetForAgents, args: CampaignArgs, plan: Plan | null): StartCampaign {
  const { mode, direction, spec, strategies, target, agent, wave_size: waveSize, confirm_merges: confirmMerges, benchmark } = args
  const asked = { mode, direction, spec, plan, strategies, target, agent, slots: null, waveSize, confirmMerges, benchmark }
  return { ...asked, directory: directoryOf(fleet, args.directory), checks: [], record: null, pickBest: false, confirmed: "no" }
}
