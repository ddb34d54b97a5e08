/** What an agent that begins is told of what others found: the nearest to its own work first, each with where it comes from, and never more than fits a glance. */
import { taskId } from "../ids.ts"
import type { Discovery } from "./discovery.ts"
import { runOf, type State } from "../project/state.ts"
import type { Run } from "../run/run.ts"
import { parseScope } from "../scope/normalise.ts"
import { firstOverlap } from "../scope/overlap.ts"
import type { Scope } from "../scope/scope.ts"
import type { Session } from "../session/session.ts"
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
  /** Whose task found it; null: no task did. */
  readonly run: string | null
}

const charsMax = 4_000
const textCharsMax = 400
/** Of a campaign's own findings all are told (C.1.41): the more there are, the shorter each. */
const own = { charsMax: 20_000, textCharsMin: 80 }

/** The nearest first, of equal ones the newest. Of a campaign's earlier waves nothing that the state holds is left out (`decide.ts` has its limits: 20 items a task, the newest 1,000 in all); of all else no more than fits a glance. */
export function findingsFor(state: State, task: Task): readonly Finding[] {
  const run = runOf(state, task.run)
  const here = [...state.discoveries.values()].filter(({ commonDirectory }) => commonDirectory === null || commonDirectory === run.commonDirectory)
  const all = inOrder(here.map((discovery) => ranked(run, task, discovery)))
  const [ours, others] = run.campaign === null ? [[], all] : [all.filter((one) => one.run === run.id), all.filter((one) => one.run !== run.id)]
  const seen = new Set<string>()
  const each = Math.max(own.textCharsMin, Math.min(textCharsMax, Math.floor(own.charsMax / Math.max(1, ours.length))))
  return [...chosen(ours, seen, { each, charsMax: Infinity }), ...chosen(others, seen, { each: textCharsMax, charsMax })]
}

/** What came to be known since discovery number `after`, about paths that a session holds; what it found itself is no news to it. */
export function newsFor(state: State, session: Session, after: number): readonly Finding[] {
  const held = [...state.taken.values()].filter((claim) => claim.session === session.id)
  const concerns = (discovery: Discovery): boolean =>
    discovery.session !== session.id &&
    numberOf(discovery) > after &&
    held.some((claim) => claim.commonDirectory === discovery.commonDirectory && firstOverlap(scopesAt(discovery), claim.scopes) !== null)
  const news = [...state.discoveries.values()].filter(concerns).map((discovery) => ({ ...discovery, from: sender(discovery), nearness: 2 }))
  return chosen(inOrder(news), new Set(), { each: textCharsMax, charsMax })
}

const inOrder = <T extends { readonly nearness: number; readonly at: number }>(all: readonly T[]): T[] =>
  all.toSorted((a, b) => b.nearness - a.nearness || b.at - a.at)

function chosen(inOrder: readonly Finding[], seen: Set<string>, most: { readonly each: number; readonly charsMax: number }): Finding[] {
  const found: Finding[] = []
  let chars = 0
  for (const { from, text } of inOrder) {
    const short = shorten(text, most.each)
    if (seen.has(short)) continue
    seen.add(short)
    chars += from.length + short.length
    if (chars > most.charsMax) break
    found.push({ from, text: short })
  }
  return found
}

/** A part of a prompt; null when there is nothing to tell. */
export function findingsText(findings: readonly Finding[], heading = "What others found"): string | null {
  if (findings.length === 0) return null
  const lines = findings.map(({ from, text }) => `- ${from}: ${text}`)
  return [`## ${heading}`, "Told by other agents, and not checked by anybody: look before you rely on it.", "", ...lines].join("\n")
}

function ranked(run: Run, receiver: Task, discovery: Discovery): Ranked {
  const { task, text, at } = discovery
  const needed = receiver.plan.after.some((need) => taskId(run.id, need.key) === task)
  return { from: sender(discovery), text, nearness: needed ? 3 : near(scopesAt(discovery), receiver, run), at, run: task === null ? null : runName(task) }
}

function sender({ task, session }: Discovery): string {
  return task !== null ? `task ${taskName(task)}` : session !== null ? `session ${session.slice(0, 8)}` : "a person"
}

/** They are numbered as they come: `d12`. */
const numberOf = ({ id }: Discovery): number => Number(id.slice(1))
const runName = (task: string): string => task.slice(0, task.indexOf("/"))

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

const shorten = (text: string, most: number): string => {
  const line = text.replaceAll(/\s+/g, " ").trim()
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`
}
