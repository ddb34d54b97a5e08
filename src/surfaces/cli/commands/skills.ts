/** `fleet skills install|remove|list|show`: the skills that teach agents to lead others on Fleet. Needs no hub. */
import path from "node:path"
import { knownAgents } from "../../../adapters/agents/known.ts"
import { fault, FaultError } from "../../../domain/fault.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { outputOf, type Output } from "../output.ts"
import { projectAt } from "../skills/checkout.ts"
import { installSkill, removeSkill, type Outcome, type Wishes } from "../skills/install.ts"
import { lookAt, type SkillState } from "../skills/look.ts"
import { choosePlaces, type Chosen, type SkillPlace, type SkillScope } from "../skills/places.ts"
import { shippedSkill, shippedSkills, type ShippedSkill } from "../skills/shipped.ts"
import { tableLines } from "../table.ts"
import { oneLine } from "../text.ts"

export const skillsInstall = (invocation: Invocation): Promise<ExitCode> =>
  change(invocation, (skill, place, wishes) => installSkill(skill, place, invocation.context.version, wishes))
export const skillsRemove = (invocation: Invocation): Promise<ExitCode> => change(invocation, removeSkill)

export async function skillsList(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const rows = await Promise.all((await shippedSkills()).map(async (skill) => ({ skill, places: await statesOf(invocation, skill) })))
  if (invocation.json) output.list(rows.map(({ skill, places }) => ({ name: skill.name, description: skill.description, places })))
  else for (const line of rows.flatMap(({ skill, places }) => skillLines(skill, places, output))) output.line(line)
  return exitCodes.done
}

export async function skillsShow(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const skill = await shippedSkill(invocation.required(0))
  if (invocation.json)
    output.json({ name: skill.name, description: skill.description, files: skill.files.map(({ path: file, text }) => ({ path: file, text })) })
  else output.raw(skill.files[0]?.text ?? "")
  return exitCodes.done
}

interface Changed extends Outcome {
  readonly skill: string
  readonly scope: SkillScope
  readonly agents: readonly string[]
}

async function change(invocation: Invocation, act: (skill: ShippedSkill, place: string, wishes: Wishes) => Promise<Outcome>): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const wishes = { dryRun: invocation.flag("dryRun"), force: invocation.flag("force") }
  const name = invocation.arg(0)
  const skills = name === null ? await shippedSkills() : [await shippedSkill(name)]
  const { places, without } = await chosen(invocation, scopeOf(invocation))
  const done: Changed[] = []
  for (const place of places)
    for (const skill of skills) done.push({ ...(await act(skill, place.directory, wishes)), skill: skill.name, scope: place.scope, agents: place.agents })
  if (invocation.json) output.json({ dry_run: wishes.dryRun, items: done, without })
  else for (const line of [...done.flatMap((one) => outcomeLines(one, wishes, output)), ...withoutLines(without, output)]) output.line(line)
  return done.some((one) => one.what === "kept") || without.length > 0 ? exitCodes.failed : exitCodes.done
}

function scopeOf(invocation: Invocation): SkillScope {
  return invocation.text("scope") === "project" ? "project" : "user"
}

async function chosen(invocation: Invocation, scope: SkillScope): Promise<Chosen> {
  const { context } = invocation
  const asked = invocation.texts("agent")
  const allAgents = knownAgents([context.programs.node, context.programs.scriptedAgent]).map((agent) => agent.name)
  const project = await projectAt(context.cwd)
  if (scope === "project" && project === context.userHome)
    throw new FaultError(
      fault(
        "no-project",
        "this is the home directory, not a project",
        "what is installed here is for every project",
        "go into a repository, or use --scope user",
      ),
    )
  return choosePlaces(asked.length === 0 ? null : asked, scope, { context, project, allAgents })
}

interface PlaceState extends SkillPlace {
  readonly state: SkillState
}

async function statesOf(invocation: Invocation, skill: ShippedSkill): Promise<PlaceState[]> {
  const atHome = (await projectAt(invocation.context.cwd)) === invocation.context.userHome
  const scopes: readonly SkillScope[] = atHome ? ["user"] : ["user", "project"]
  const places = (await Promise.all(scopes.map((scope) => chosen(invocation, scope)))).flatMap((one) => one.places)
  return Promise.all(places.map(async (place) => ({ ...place, state: (await lookAt(skill, place.directory)).state })))
}

const stateWords: Readonly<Record<SkillState, string>> = {
  absent: "not installed",
  current: "installed",
  older: "an older or incomplete one",
  changed: "changed by somebody, or not Fleet's",
}

function skillLines(skill: ShippedSkill, places: readonly PlaceState[], output: Output): string[] {
  const rows = places.map((place) => [
    { text: place.scope },
    { text: stateWords[place.state], tone: place.state === "current" ? ("green" as const) : ("dim" as const) },
    { text: place.agents.join(", ") },
    { text: path.join(place.directory, skill.name) },
  ])
  const columns = [{ title: "scope" }, { title: "state" }, { title: "read by" }, { title: "directory", grows: true }]
  return [
    output.paint("bold", skill.name),
    `  ${oneLine(skill.description)}`,
    "",
    ...tableLines(columns, rows, output.columns, output.paint, output.signs.ellipsis),
  ]
}

function outcomeLines({ what, directory, changed, agents, skill }: Changed, { dryRun, force }: Wishes, { paint, signs }: Output): string[] {
  const readers = paint("dim", `(${agents.join(", ")})`)
  const place = `${oneLine(directory)} ${readers}`
  const would = (done: string): string => (dryRun ? `would be ${done}` : done)
  const forced = force && changed.length > 0 ? `, over what was changed: ${changed.map(oneLine).join(", ")}` : ""
  switch (what) {
    case "installed":
    case "updated":
    case "removed":
      return [`${paint("green", signs.done)} ${skill} ${would(what)}: ${place}${forced}`]
    case "unchanged":
      return [`${paint("green", signs.done)} ${skill} is there already: ${place}`]
    case "absent":
      return [`${paint("dim", signs.done)} ${skill} was not installed: ${place}`]
    case "kept":
      return [
        `${paint("yellow", signs.needsYou)} ${skill} left alone: ${place}`,
        `  ${paint("dim", "why:")} ${changed.includes(".") ? "it is a link that somebody made" : `somebody changed ${changed.map(oneLine).join(", ")}, or Fleet did not put it there`}`,
        `  ${paint("dim", "fix:")} ${changed.includes(".") ? "remove the link" : "move it away, or give --force to lose those changes"}`,
      ]
  }
}

function withoutLines(without: readonly string[], { paint, signs }: Output): string[] {
  if (without.length === 0) return []
  return [
    `${paint("yellow", signs.needsYou)} left alone: ${without.join(", ")}`,
    `  ${paint("dim", "why:")} Fleet does not know where ${without.length === 1 ? "it looks" : "they look"} for skills`,
    `  ${paint("dim", "fix:")} put the text of \`fleet skills show fleet-orchestration\` where its own documents say`,
  ]
}
