/** Answers what a gate asks, from facts alone: the sentence, the colour, who has to agree, and what to do instead. */
import { scopeText } from "../scope/normalise.ts"
import type { Confirmation, Downgrade, Gate, GateFacts } from "./gate.ts"
import { sharedInfrastructure } from "./shared-infrastructure.ts"

/** A standard campaign needs so many streams, a quick one so many tasks (C.1.112, C.1.132). */
export const streamsMin = { standard: 3, quick: 2 }
/** Above it everybody is asked, however far they have come (C.1.132). */
export const agentsUnasked = { trusted: 6, familiar: 3 }
/** A campaign of one wave with fewer is green (C.1.130). */
const greenBelow = 3

/** C.1.128 to C.1.133. The same facts give the same gate. */
export function assessGate(facts: GateFacts): Gate {
  const { colour, why } = colourOf(facts)
  return { disclosure: disclosureOf(facts), colour, why, confirm: confirmation(facts, colour === "red" ? why : null), proportion: proportion(facts) }
}

function disclosureOf({ mode, agents, waves, tokens }: GateFacts): string {
  if (mode === "speculative") return `Running ${agents} parallel approaches to the same task. All will touch the same files.`
  return `Spawning ${agents} agents across ${waves} waves in isolated worktrees. Estimated token budget: ~${thousands(tokens)}K.`
}

function colourOf(facts: GateFacts): Pick<Gate, "colour" | "why"> {
  const { mode, agents, waves } = facts
  if (mode === "speculative") return { colour: "red", why: "several agents write the same files, and all but one of their results are put aside" }
  const [place] = sharedInfrastructure(facts.tasks.flatMap((task) => task.scope))
  if (place !== undefined) return { colour: "red", why: `it changes shared infrastructure: ${place.scope} (${place.what})` }
  if (waves > 1) return { colour: "amber", why: "it has several waves; each wave's merge is a separate commit, to be reverted one by one" }
  if (agents >= greenBelow) return { colour: "amber", why: `it has ${agents} agents; what each of them merges is to be reverted by itself` }
  return { colour: "green", why: `it is a single wave with fewer than ${greenBelow} agents` }
}

function confirmation(facts: GateFacts, red: string | null): Confirmation {
  const why = [...(red === null ? [] : [red]), ...byNumber(facts), ...(asked(facts) ? [] : byTrust(facts))]
  return { needed: why.length > 0, why, show: shown(facts) }
}

/** Whatever the trust, and whatever was consented to. */
function byNumber({ agents, consent }: GateFacts): string[] {
  return [
    ...(agents > agentsUnasked.trusted ? [`it has ${agents} agents, more than ${agentsUnasked.trusted}`] : []),
    ...(consent === "refused" ? ["you want to be asked each time"] : []),
  ]
}

/** The question whether to run these tasks side by side was the confirmation; nobody is asked the same thing twice (C.1.124, C.1.125). */
const asked = ({ mode, consent }: GateFacts): boolean => mode === "quick" && consent === "allowed"

function byTrust({ trust, agents, mode }: GateFacts): string[] {
  switch (trust) {
    case "novice":
      return ["your trust level is novice, which is asked every time"]
    case "familiar":
      return [
        ...(agents > agentsUnasked.familiar && agents <= agentsUnasked.trusted ? [`it has ${agents} agents, more than ${agentsUnasked.familiar}`] : []),
        ...(mode === "speculative" ? ["it is speculative"] : []),
      ]
    case "trusted":
      return mode === "speculative" ? ["it is speculative"] : []
  }
}

const linesMax = 50

function shown({ agents, waves, tokens, tasks }: GateFacts): string[] {
  const scopes = tasks.map(({ title, scope }) => `${title}: ${scope.length === 0 ? "no scope, so anything" : scope.map(scopeText).join(", ")}`)
  const left = scopes.length > linesMax ? [`and ${scopes.length - linesMax} more`] : []
  return [`${count(agents, "agent")} in ${count(waves, "wave")}`, ...scopes.slice(0, linesMax), ...left, `about ${thousands(tokens)}K tokens`]
}

function proportion({ mode, streams, tasks, directory }: GateFacts): Downgrade | null {
  if (mode === "speculative") return null
  if (mode === "quick")
    return tasks.length < streamsMin.quick
      ? { to: "single", why: `quick mode needs at least ${streamsMin.quick} tasks, and there ${there(tasks.length)}; one agent does it` }
      : null
  if (tasks.length < 2) return { to: "single", why: `there ${there(tasks.length)}; one agent does it` }
  if (directory !== null)
    return { to: "sequential", why: `all streams touch ${directory === "" ? "the repository's root directory" : directory}, so they go one after the other` }
  if (streams < streamsMin.standard)
    return {
      to: "plain",
      why: `there ${streams === 1 ? "is 1 independent stream" : `are ${streams} independent streams`}, and waves need ${streamsMin.standard} or more; a run without waves does it`,
    }
  return null
}

const thousands = (tokens: number): number => Math.round(tokens / 1_000)
const count = (number: number, of: string): string => `${number} ${of}${number === 1 ? "" : "s"}`
const there = (tasks: number): string => (tasks === 0 ? "is none" : tasks === 1 ? "is one task" : `are ${tasks} tasks`)
