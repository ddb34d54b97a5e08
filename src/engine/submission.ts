/** From what a person hands in to a run: which repository, which target, which settings, and everything that is wrong with it. */
import { randomInt } from "node:crypto"
import { fault, FaultError } from "../domain/fault.ts"
import { id, type RunId } from "../domain/ids.ts"
import { checkPlan } from "../domain/plan/check.ts"
import { explainPlan } from "../domain/plan/explain.ts"
import type { PlanFault } from "../domain/plan/plan.ts"
import type { RepositoryFacts } from "../domain/repository/facts.ts"
import type { RunSettings } from "../domain/run/run.ts"
import type { PlanReview, SubmitRun } from "../protocol/views.ts"
import type { SeenAgent } from "../protocol/worker.ts"
import type { Hub } from "./hub.ts"

export const workerWaitMs = 20_000

/** Resolves to the new run's id once it is committed. Rejects with `PlanRefused` or a `FaultError`; then nothing has started. */
export async function submit(hub: Hub, of: SubmitRun): Promise<RunId> {
  const faults = checkPlan(of.plan)
  if (faults.some((found) => found.severity === "error")) throw new PlanRefused(faults)
  const facts = await inspect(hub, of.directory)
  const target = targetOf(facts, of.target)
  const settings = await settle(hub, of)
  const run = runId(of.plan.goal)
  const plan = { ...of.plan, setup: of.plan.setup ?? hub.parts.setup }
  const { root: repository, commonDirectory, ignoreCase } = facts
  await hub.repositories.during(commonDirectory, () =>
    hub.send({ type: "run.submit", run, plan, repository, commonDirectory, ignoreCase, target, settings, campaign: null }),
  )
  return run
}

/** What would run, and how, with nothing started. */
export async function review(hub: Hub, of: SubmitRun): Promise<PlanReview> {
  const facts = await inspect(hub, of.directory)
  const settings = await settle(hub, of)
  const slots = [...hub.state.workers.values()].reduce((sum, worker) => sum + worker.slots, 0)
  const faults = checkPlan(of.plan)
  const sound = !faults.some((found) => found.severity === "error")
  return {
    faults,
    target: targetOf(facts, of.target),
    tasks: sound
      ? explainPlan(of.plan, Math.min(slots, settings.slotsMax ?? slots)).map((task) => ({ ...task, agent: task.agent === "" ? settings.agent : task.agent }))
      : [],
  }
}

export class PlanRefused extends FaultError {
  readonly faults: readonly PlanFault[]
  constructor(faults: readonly PlanFault[]) {
    const errors = faults.filter((found) => found.severity === "error")
    super(
      fault(
        "bad-plan",
        `the plan has ${errors.length} ${errors.length === 1 ? "error" : "errors"}`,
        errors[0]?.what ?? "",
        errors[0]?.fix ?? "fleet plan check says more",
      ),
    )
    this.faults = faults
  }
}

/** `ref`: a branch whose commit is wanted, too. */
export async function inspect(hub: Hub, directory: string, ref: string | null = null): Promise<RepositoryFacts> {
  const worker = await hub.anyWorker(workerWaitMs)
  const answer = await hub.workers.ask(worker, { ask: "inspect", directory, ref })
  if (answer.ask !== "inspect") throw new Error(`asked to inspect, answered ${answer.ask}`)
  return answer.repository
}

export function targetOf(facts: RepositoryFacts, wanted: string | null): string {
  const refuse = (code: string, what: string, why: string, fix: string): never => {
    throw new FaultError(fault(code, what, why, fix))
  }
  if (facts.head === null)
    return refuse(
      "no-commits",
      `${facts.root} has no commit yet`,
      "agents work on branches, and a branch starts from a commit",
      'git commit --allow-empty -m "Begin"',
    )
  const target = wanted ?? facts.branch
  if (target === null)
    return refuse("detached-head", `HEAD of ${facts.root} is detached`, "there is no branch to land on", "name one: --target BRANCH, or git switch to one")
  if (!facts.branches.includes(target))
    return refuse(
      "unknown-target",
      `there is no branch ${target}`,
      `${facts.root} has ${facts.branches.slice(0, 8).join(", ")}`,
      `git branch ${target}, or another --target`,
    )
  if (target === facts.branch && facts.dirty.length > 0)
    return refuse(
      "dirty-target",
      `${target} is checked out in ${facts.root} with uncommitted changes`,
      `landing would have to change files under your hands (${facts.dirty.slice(0, 3).join(", ")})`,
      "git commit or git stash first, or land elsewhere: git branch work && fleet run … --target work",
    )
  return target
}

/** The settings of this run, once it is seen that every agent that it names is there. */
export async function settle(hub: Hub, of: Pick<SubmitRun, "plan" | "agent" | "slots" | "waveSize">): Promise<RunSettings> {
  const { settings } = hub.parts
  const agents = await look(hub)
  const agent = of.agent ?? hub.parts.agent ?? firstFound(agents)
  const wanted = new Set(of.plan.tasks.filter((task) => !task.ticked).map((task) => task.agent ?? agent))
  for (const name of wanted) refuseMissing(agents, name)
  return { ...settings, agent, slotsMax: of.slots ?? settings.slotsMax, waveSize: of.waveSize }
}

/** The agent that is named, else the person's default, else the first that is there. Throws a `FaultError` when its program is not. */
export async function chooseAgent(hub: Hub, named: string | null): Promise<string> {
  const agents = await look(hub)
  const agent = named ?? hub.parts.agent ?? firstFound(agents)
  refuseMissing(agents, agent)
  return agent
}

function refuseMissing(agents: readonly SeenAgent[], name: string): void {
  const seen = agents.find((one) => one.name === name)
  // One that nobody knows is refused by the rules, which list those that are known.
  if (seen?.found !== false) return
  throw new FaultError(
    fault("agent-missing", `agent "${name}" is not on this machine`, "its program was looked for on the worker's PATH", `install it: ${seen.install}`),
  )
}

const scripted = "scripted"

/** The scripted agent only does what a script says: nobody means it who does not name it. */
function firstFound(agents: readonly SeenAgent[]): string {
  const first = agents.find((agent) => agent.found && agent.name !== scripted)
  if (first !== undefined) return first.name
  const names = agents.map((agent) => agent.name).filter((name) => name !== scripted)
  throw new FaultError(
    fault(
      "no-agent",
      "there is no coding agent on this machine",
      names.length === 0 ? "none is known" : `looked for ${names.join(", ")}`,
      "install one (fleet agents says how), or describe yours in config.yaml, which the hub reads when it starts " +
        "(fleet hub stop makes the next run or session start it anew); or name the scripted one: --agent scripted (for /api: harnessType)",
    ),
  )
}

async function look(hub: Hub): Promise<readonly SeenAgent[]> {
  const answer = await hub.workers.ask(await hub.anyWorker(workerWaitMs), { ask: "agents" })
  if (answer.ask !== "agents") throw new Error(`asked for agents, answered ${answer.ask}`)
  return answer.agents
}

/** `<slug>-<4 characters>`: readable, and never used twice by two hubs on one repository. */
export function runId(goal: string): RunId {
  const slug = goal
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 24)
    .replace(/^-+|-+$/g, "")
  const alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
  const tail = Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join("")
  return id(`${slug === "" ? "run" : slug}-${tail}`)
}
