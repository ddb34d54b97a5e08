/** What an agent that begins is told of what others found: the nearest to its own work first, each with where it comes from, and never more than fits a glance. */
import { taskId } from "../ids.ts"
import type { Discovery } from "./discovery.ts"
import { runOf, type State } from "../project/state.ts"
import type { Run } from "../run/run.ts"
import { parseScope } from "../scope/normalise.ts"
import { firstOverlap } from "../scope/overlap.ts"
import type { Scope } from "../scope/scope.ts"
import { scopesOf, type Task } from "../task/task.ts"

export interface Finding {
  /** Who found it, for people and agents: `task api`, `session 3b674a02`. */
  readonly from: string
  readonly text: string
}

interface Ranked extends Finding {
  /** 3: from what the task needs. 2: about paths that it works on. 1: about nothing in particular. 0: about other paths. */
  readonly nearness: number
  readonly at: number
}

const charsMax = 4_000
const textCharsMax = 400

/** The nearest first, of equal ones the newest. */
export function findingsFor(state: State, task: Task): readonly Finding[] {
  const run = runOf(state, task.run)
  const here = [...state.discoveries.values()].filter(({ commonDirectory }) => commonDirectory === null || commonDirectory === run.commonDirectory)
  const all = here.map((discovery) => ranked(run, task, discovery))
  const seen = new Set<string>()
  const chosen: Finding[] = []
  let chars = 0
  for (const { from, text } of all.toSorted((a, b) => b.nearness - a.nearness || b.at - a.at)) {
    const short = shorten(text)
    if (seen.has(short)) continue
    seen.add(short)
    chars += from.length + short.length
    if (chars > charsMax) break
    chosen.push({ from, text: short })
  }
  return chosen
}

/** A part of a prompt; null when there is nothing to tell. */
export function findingsText(findings: readonly Finding[]): string | null {
  if (findings.length === 0) return null
  const lines = findings.map(({ from, text }) => `- ${from}: ${text}`)
  return ["## What others found", "Told by other agents, and not checked by anybody: look before you rely on it.", "", ...lines].join("\n")
}

function ranked(run: Run, receiver: Task, discovery: Discovery): Ranked {
  const { session, task, text, at } = discovery
  const from = task !== null ? `task ${taskName(task)}` : session !== null ? `session ${session.slice(0, 8)}` : "a person"
  const needed = receiver.plan.after.some((need) => taskId(run.id, need.key) === task)
  return { from, text, nearness: needed ? 3 : near(scopesAt(discovery), receiver, run), at }
}

const taskName = (id: string): string => id.slice(id.indexOf("/") + 1)

function near(theirs: readonly Scope[], receiver: Task, run: Run): number {
  if (theirs.length === 0) return 1
  return firstOverlap(theirs, scopesOf(receiver), run) === null ? 0 : 2
}

/** Read once: every task that starts asks for them. */
function scopesAt(discovery: Discovery): readonly Scope[] {
  const known = read.get(discovery)
  if (known !== undefined) return known
  const scopes = discovery.paths.flatMap((path) => {
    const parsed = parseScope(path)
    return parsed.ok ? [parsed.scope] : []
  })
  read.set(discovery, scopes)
  return scopes
}

const read = new WeakMap<Discovery, readonly Scope[]>()

const shorten = (text: string): string => {
  const line = text.replaceAll(/\s+/g, " ").trim()
  return line.length <= textCharsMax ? line : `${line.slice(0, textCharsMax - 1)}…`
}
