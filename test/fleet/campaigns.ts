/** What the stories of campaigns share: what scripted agents and planners do, and what people and other tools read under `.planning/`. */
import { readdir, readFile } from "node:fs/promises"
import path from "node:path"
import type { Plan, PlanTask } from "../../src/domain/plan/plan.ts"
import { telemetryLine } from "../../src/protocol/planning/telemetry.ts"
import type { StartCampaign } from "../../src/protocol/campaign-views.ts"
import type { RunView } from "../../src/protocol/views.ts"
import { eventually } from "../eventually.ts"
import { planOf, task } from "../world/world.ts"
import type { Scenario } from "./scenario.ts"

/** A campaign that its person has agreed to. */
export const campaignOf = (fleet: Scenario, more: Partial<StartCampaign>): StartCampaign => ({
  mode: "standard",
  direction: "",
  spec: null,
  plan: null,
  strategies: null,
  directory: fleet.repo.path,
  checks: [],
  record: null,
  target: null,
  agent: "scripted",
  slots: null,
  waveSize: 3,
  confirmMerges: false,
  benchmark: null,
  pickBest: false,
  confirmed: "yes",
  ...more,
})

export const plan = (tasks: readonly PlanTask[], more: Partial<Plan> = {}): Plan => ({ ...planOf(tasks), goal: "A small site", ...more })

/** What an agent does: writes a file and commits it. */
export const writes = (file: string, text: string): string => `[[write path="${file}" text="${text}\\n"]] [[commit message="write ${file}"]]`

export const handsOff = (...items: readonly string[]): string => `[[handoff ${items.map((item) => JSON.stringify(item)).join(" ")}]]`

/** Work in a directory of its own; by default it is done at once. */
export function module(key: string, { does, ...more }: { does?: string } & Parameters<typeof task>[1] = {}): PlanTask {
  const prompt = does ?? `${writes(`src/${key}/${key}.txt`, `hello from ${key}`)} ${handsOff(`Built: ${key}`)}`
  return task(key, { title: `Write the ${key} module`, scope: [`src/${key}`], prompt, ...more })
}

/** A plan as a planner writes it into its answer. */
export function yaml(tasks: readonly PlanTask[], checks: readonly string[] = ["true"]): string {
  const lines = tasks.flatMap(({ key, title, scope, after, prompt, type, checks: own }) => [
    `  - id: ${key}`,
    `    title: ${title}`,
    `    type: ${type}`,
    `    scope: ${JSON.stringify(scope.map(({ pattern }) => pattern))}`,
    ...(after.length === 0 ? [] : [`    after: ${JSON.stringify(after.map((need) => need.key))}`]),
    ...(own.length === 0 ? [] : [`    checks: ${JSON.stringify(own)}`]),
    `    prompt: ${JSON.stringify(`In src/${key} write how the ${key} module greets. ${prompt}`)}`,
  ])
  return ["goal: A small site", `checks: ${JSON.stringify(checks)}`, "tasks:", ...lines].join("\n")
}

export const answers = (text: string): string => `[[say ${JSON.stringify(`\`\`\`yaml\n${text}\n\`\`\``)}]]`

/** What Fleet told the agents of a task, attempt after attempt. */
export async function toldTo(fleet: Scenario, key: string): Promise<string[]> {
  const { attempts } = await fleet.task(key)
  return Promise.all(attempts.map(async ({ session }) => (await promptsOf(fleet, session)).join("\n")))
}

async function promptsOf(fleet: Scenario, session: string): Promise<string[]> {
  const { entries } = await fleet.client.transcript(session, 0)
  return entries.flatMap((entry) => (entry.type === "prompt" ? [entry.text] : []))
}

/** The directory that the agent of a task works in now. */
export async function checkoutOf(fleet: Scenario, key: string): Promise<string> {
  const { branch } = await fleet.task(key)
  const worktrees = (await fleet.repo.git("worktree", "list", "--porcelain")).split("\n\n")
  const found = worktrees.find((one) => one.trimEnd().endsWith(`\nbranch refs/heads/${branch ?? ""}`))
  return found?.split("\n")[0]?.replace("worktree ", "") ?? ""
}

export const planningFile = (fleet: Scenario, ...parts: readonly string[]): string => path.join(fleet.repo.path, ".planning", ...parts)

export const textOf = (file: string): Promise<string> => readFile(file, "utf8").catch(() => "")

export const namesIn = (directory: string): Promise<string[]> => readdir(directory).catch(() => [])

export const sessionFile = (fleet: Scenario, slug: string): string => planningFile(fleet, "fleet", `session-${slug}.md`)

/** Waits for the session file to be as wanted; its text. */
export function sessionFileWith(fleet: Scenario, slug: string, ...parts: readonly string[]): Promise<string> {
  return eventually(`the session file has ${parts.join(" and ")}`, async () => {
    const text = await textOf(sessionFile(fleet, slug))
    return parts.every((part) => text.includes(part)) && text
  })
}

/** One section, with its title. */
export function section(text: string, title: string): string {
  const at = text.indexOf(`## ${title}\n`)
  const end = text.indexOf("\n## ", at + 1)
  return at < 0 ? "" : text.slice(at, end < 0 ? undefined : end)
}

export async function telemetry(fleet: Scenario) {
  const text = await textOf(planningFile(fleet, "telemetry", "agent-runs.jsonl"))
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => telemetryLine.parse(JSON.parse(line)))
}

/** Answers what the run is held for. */
export async function decide(fleet: Scenario, held: RunView, allow: boolean): Promise<void> {
  const [approval] = held.approvals
  if (approval === undefined) throw new Error(`nobody is asked: ${held.status}`)
  await fleet.client.answer(approval.id, allow, null)
}

/** Everything of Fleet's that a finished campaign must not leave, beyond the record that it is there to leave. */
export async function leftBehind(fleet: Scenario): Promise<string[]> {
  return (await fleet.leftovers()).filter((line) => !/^\?\? \.(planning|claude)\//.test(line))
}

export async function tidied(fleet: Scenario): Promise<string[]> {
  await eventually("nothing of Fleet's is left in the repository", async () => (await leftBehind(fleet)).length === 0).catch(() => undefined)
  return leftBehind(fleet)
}
