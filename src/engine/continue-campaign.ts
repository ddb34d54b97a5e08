/** A campaign that goes on from its session file alone: what the file says is complete is looked for on the target, and done again when it is not there (C.1.7). */
import { fault, FaultError, type Fault } from "../domain/fault.ts"
import type { TaskKey } from "../domain/ids.ts"
import { checkPlan } from "../domain/plan/check.ts"
import type { Plan, PlanFault, PlanTask } from "../domain/plan/plan.ts"
import { slug } from "../domain/plan/slug.ts"
import { sessionFilePath } from "../domain/planning/paths.ts"
import { landedTag } from "../domain/session-file/row-numbers.ts"
import { parseSessionFile } from "../domain/session-file/parse.ts"
import type { SessionFile } from "../domain/session-file/session-file.ts"
import { planFromSession, type SessionPlan } from "../domain/session-file/plan.ts"
import { isSuccess, statusMeaning } from "../domain/session-file/status-meaning.ts"
import type { RepositoryFacts } from "../domain/repository/facts.ts"
import type { ContinueCampaign } from "../protocol/api/schemas/continue-campaign.ts"
import { chooseSession, orAnother, type ChosenSession } from "./choose-session.ts"
import { startCampaign, type StartedRun } from "./campaigns.ts"
import type { Hub } from "./hub.ts"
import { continuedFrom } from "./planning/continued.ts"
import { inspect, PlanRefused, targetOf, workerWaitMs } from "./submission.ts"

/** What is said is also about the file: rows that are done again, what could not be read. Rejects with `PlanRefused` or a `FaultError` (`no-session-file`, `auto-continue-off`, `campaign-complete`, `campaign-runs`); then nothing has started. */
export async function continueCampaign(hub: Hub, of: ContinueCampaign): Promise<StartedRun> {
  const facts = await inspect(hub, of.directory, of.target)
  const target = targetOf(facts, of.target)
  const chosen = await chooseSession(hub, facts.root, of)
  const file = chosen.slug === null ? null : sessionFilePath(chosen.slug)
  const parsed = parseSessionFile(chosen.text, file)
  const unread = parsed.faults.some(({ severity }) => severity === "error")
  if (parsed.file === null || (parsed.file.queue.length === 0 && unread)) throw refused(parsed.faults, chosen)
  const name = chosen.slug ?? slug(parsed.file.name, new Set())
  const wrong = refusal(hub, parsed.file, name, facts, of)
  if (wrong !== null) throw new FaultError({ ...wrong, fix: `${wrong.fix}${orAnother(chosen.others)}` })
  if (parsed.file.queue.length === 0) return planAnew(hub, of, { ...chosen, slug: name, commonDirectory: facts.commonDirectory }, parsed.file, parsed.faults)
  const session = planFromSession(parsed.file, { format: "citadel", file }, parsed.lines)
  if (session.plan === null) throw refused(session.faults, chosen)
  const { plan, said } = await verified(hub, facts.root, target, { ...session, plan: session.plan })
  if (plan.tasks.every(({ ticked }) => ticked)) throw new FaultError(nothingLeft(file ?? "the session file"))
  const faults = checkPlan(plan)
  if (faults.some(({ severity }) => severity === "error")) throw refused(faults, chosen)
  const started = await start(hub, of, { ...chosen, slug: name, commonDirectory: facts.commonDirectory }, parsed.file, plan)
  return { run: started.run, said: [...started.said, ...said, ...told(parsed.faults)] }
}

/** Nobody has made its plan yet: a planner failed, or was stopped. What it was to plan is there. */
async function planAnew(hub: Hub, of: ContinueCampaign, from: From, file: SessionFile, faults: readonly PlanFault[]) {
  if (file.direction === "" && file.spec === null) throw new FaultError(noPlan(from.slug))
  const { run, said } = await start(hub, of, from, file, null)
  return { run, said: [...said, "the file has a direction and no rows: it is planned again", ...told(faults)] }
}

const noPlan = (name: string): Fault =>
  fault(
    "no-plan",
    `nothing of campaign ${name} can go on`,
    "its session file has neither rows nor a direction",
    'say what is wanted: fleet run "what you want"; fleet retry <run>/plan asks the planner of a run once more',
  )

/** Of several files the newest may be the one that is wrong: the others are named. */
const refused = (faults: readonly PlanFault[], { others }: ChosenSession): PlanRefused =>
  new PlanRefused(faults.map((found, at) => (at === 0 ? { ...found, fix: `${found.fix}${orAnother(others)}` } : found)))

/** The text that it goes on from, and the name of its file. */
type From = Pick<ChosenSession, "text"> & { readonly slug: string; readonly commonDirectory: string }

function start(hub: Hub, of: ContinueCampaign, { slug: name, text, commonDirectory }: From, file: SessionFile, plan: Plan | null): Promise<StartedRun> {
  const { directory, target, agent, slots, waveSize, confirmMerges, confirmed } = of
  const direction = file.direction === "" ? file.name : file.direction
  const fresh = { mode: "standard", strategies: null, benchmark: null, pickBest: false, checks: [], record: null } as const
  return startCampaign(
    hub,
    {
      ...fresh,
      direction,
      spec: file.spec,
      plan,
      directory,
      target,
      agent: agent ?? agentBefore(hub, name, commonDirectory),
      slots,
      waveSize,
      confirmMerges,
      confirmed,
    },
    { slug: name, wavesBefore: wavesOf(file), continued: continuedFrom(text, file) },
  )
}

/** Whose agents did it until now, where this hub knows; else null. */
function agentBefore({ state }: Hub, slug: string, commonDirectory: string): string | null {
  const before = [...state.runs.values()].filter((run) => run.campaign?.slug === slug && run.commonDirectory === commonDirectory)
  return before.toSorted((a, b) => a.startedAt - b.startedAt).at(-1)?.settings.agent ?? null
}

function refusal(hub: Hub, file: SessionFile, name: string, { commonDirectory }: RepositoryFacts, { anyway }: ContinueCampaign): Fault | null {
  const running = [...hub.state.runs.values()].find(
    (run) => run.campaign?.slug === name && run.commonDirectory === commonDirectory && run.status.name !== "settled",
  )
  if (running !== undefined) return fault("campaign-runs", `campaign ${name} runs already`, `it is run ${running.id}`, `fleet watch ${running.id}`)
  if (file.comparison !== null)
    return fault(
      "speculative-session",
      `campaign ${name} compares strategies`,
      "its rows are rivals, of which one lands: they cannot be merged one after the other",
      "git merge the branch that you want, or: fleet speculate",
    )
  if (file.continuation.autoContinue || anyway) return null
  return fault(
    "auto-continue-off",
    `campaign ${name} does not go on by itself`,
    "its session file does not say Auto-continue: true",
    `agree to it: fleet continue ${name} --yes`,
  )
}

/** Nobody has looked yet whether what the file says is complete is there. */
async function verified(
  hub: Hub,
  repository: string,
  target: string,
  { plan, keys, commits }: SessionPlan & { readonly plan: Plan },
): Promise<{ plan: Plan; said: string[] }> {
  const named = [...new Set([...commits.values()].filter((commit) => commit !== null))]
  const held = named.length === 0 ? new Set<string>() : new Set(await holds(hub, repository, target, named))
  const rowOf = new Map([...keys].map(([row, key]) => [key, row]))
  const said: string[] = []
  const isThere = (key: TaskKey): boolean => {
    const commit = commits.get(key) ?? null
    const row = rowOf.get(key) ?? 0
    if (commit !== null && held.has(commit)) return true
    said.push(
      commit === null
        ? `the file says that row ${row} is complete, and names no commit: nobody could look whether it is on ${target}; it is not done again`
        : `the file says that row ${row} is complete, but ${target} does not hold its commit ${commit.slice(0, 7)}: it is done again`,
    )
    return commit === null
  }
  const looked = (task: PlanTask): PlanTask => {
    const commit = commits.get(task.key) ?? null
    const tags = commit !== null && held.has(commit) ? { ...task.tags, [landedTag]: commit } : task.tags
    return task.ticked ? { ...task, ticked: isThere(task.key), tags } : task
  }
  return { plan: { ...plan, tasks: plan.tasks.map(looked) }, said }
}

async function holds(hub: Hub, repository: string, target: string, commits: readonly string[]): Promise<readonly string[]> {
  const answer = await hub.workers.ask(await hub.anyWorker(workerWaitMs), { ask: "holds", repository, target, commits })
  if (answer.ask !== "holds") throw new Error(`asked which commits are held, answered ${answer.ask}`)
  return answer.held
}

/** The highest wave that was begun. Rows that are only queued name the wave that they were meant for. */
function wavesOf({ waves, queue }: SessionFile): number {
  const begun = queue.filter(({ status }) => isSuccess(status) || ["running", "failed", "timed out"].includes(statusMeaning(status)))
  return Math.max(0, ...waves.map(({ number }) => number), ...begun.map(({ wave }) => wave ?? 0))
}

const toldMax = 20

const told = (faults: readonly PlanFault[]): string[] =>
  faults.slice(0, toldMax).map(({ file, line, what, why }) => `${[file, line].filter((part) => part !== null).join(":")}: ${what}: ${why}`)

const nothingLeft = (file: string): Fault =>
  fault("campaign-complete", "nothing is left to do", `every row of ${file} is complete`, "add a row to its queue, or start another campaign")
