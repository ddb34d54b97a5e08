/** Reads what tasks say they touch into scopes, and refuses a request that cannot be answered. */
import { fault, type Fault } from "../fault.ts"
import { looksLikeFile } from "../scope/file-name.ts"
import { parseScope } from "../scope/normalise.ts"
import type { Scope } from "../scope/scope.ts"
import { boundaryOf } from "./assess-boundary.ts"
import { assessLimits, type AssessRequest, type AssessTask } from "./assessment.ts"
import { didYouMean } from "./did-you-mean.ts"

export interface Touched {
  readonly key: string
  readonly title: string
  /** What it writes, each pattern once, sorted. */
  readonly scopes: readonly Scope[]
  /** False: its request named nothing at all. */
  readonly known: boolean
  /** Keys that it comes after, directly. */
  readonly after: readonly string[]
  /** Directly or through others. */
  readonly needs: ReadonlySet<string>
}

/** Sorted by key, whatever the order of the request. */
export function touchedOf(request: AssessRequest): Touched[] {
  const needs = allNeeds(request.tasks)
  return request.tasks
    .map((task) => ({
      key: task.key,
      title: titleOf(task),
      scopes: scopesOf(task),
      known: task.files.length > 0,
      after: [...new Set(task.after)].sort(compare),
      needs: needs.get(task.key) ?? new Set<string>(),
    }))
    .sort((a, b) => compare(a.key, b.key))
}

/** Null when the request can be answered. */
export function assessFault(request: AssessRequest): Fault | null {
  const keys = request.tasks.map((task) => task.key)
  const limit = overLimit(request)
  if (limit !== null) return limit
  const twice = keys.find((key, at) => keys.indexOf(key) !== at)
  if (twice !== undefined) return refuse(`two tasks have the key ${named(twice)}`, "answers name tasks by their keys", "give one of them another key")
  for (const task of request.tasks) {
    const unknown = task.after.find((key) => !keys.includes(key))
    if (unknown !== undefined) {
      const meant = didYouMean(unknown, keys)
      const fix = meant === null ? "name a key of the request, or leave it out" : `did you mean ${named(meant)}?`
      return refuse(`task ${named(task.key)} comes after ${named(unknown)}, which is not there`, "no task of the request has that key", fix)
    }
    for (const file of task.files) {
      const parsed = parseScope(file)
      if (!parsed.ok) return { ...parsed.fault, what: `task ${named(task.key)}: ${parsed.fault.what}` }
    }
  }
  const needs = allNeeds(request.tasks)
  const circular = keys.find((key) => needs.get(key)?.has(key))
  if (circular === undefined) return null
  return refuse(`task ${named(circular)} comes after itself`, "directly or through others, so it could never start", "remove one of the edges of that circle")
}

/** By code units, so that no locale changes an answer. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
export const named = (key: string): string => JSON.stringify(key.length > 80 ? `${key.slice(0, 80)}…` : key)
export const isLiteral = (pattern: string): boolean => !/[*?[{]/.test(pattern)

/** The segments before the first one with a wildcard. */
export function literalPrefix(pattern: string): string {
  const segments = pattern.split("/")
  const wild = segments.findIndex((segment) => !isLiteral(segment))
  return (wild < 0 ? segments : segments.slice(0, wild)).join("/")
}

/** Whether a pattern without wildcards names a file, as far as names can tell. */
export function namesFile(pattern: string): boolean {
  const name = pattern.split("/").at(-1) ?? ""
  const kind = boundaryOf(name)?.kind
  return (
    looksLikeFile(name) || (kind !== undefined && kind !== "types" && kind !== "migrations") || /^(LICENSE|NOTICE|README|CHANGELOG|CODEOWNERS)$/i.test(name)
  )
}

const refuse = (what: string, why: string, fix: string): Fault => fault("bad-request", what, why, fix)

function overLimit(request: AssessRequest): Fault | null {
  const over = (what: string, count: number, most: number): Fault =>
    refuse(`${what}: ${count}`, `the limit is ${most}`, "ask about fewer, or name directories instead of files")
  if (request.tasks.length > assessLimits.tasks) return over("too many tasks", request.tasks.length, assessLimits.tasks)
  if (request.repository.length > assessLimits.repository) return over("too many files of the repository", request.repository.length, assessLimits.repository)
  const all = request.tasks.reduce((sum, task) => sum + task.files.length, 0)
  if (all > assessLimits.filesOfAll) return over("too many files in all", all, assessLimits.filesOfAll)
  for (const task of request.tasks) {
    if (task.files.length > assessLimits.filesOfTask) return over(`too many files of task ${named(task.key)}`, task.files.length, assessLimits.filesOfTask)
    if (task.after.length > assessLimits.needsOfTask) return over(`too many needs of task ${named(task.key)}`, task.after.length, assessLimits.needsOfTask)
  }
  return null
}

function titleOf({ key, title }: AssessTask): string {
  const line = title.replace(/\s+/g, " ").trim()
  if (line === "") return key
  return line.length > 120 ? `${line.slice(0, 119)}…` : line
}

function scopesOf(task: AssessTask): Scope[] {
  const scopes = new Map<string, Scope>()
  for (const file of task.files) {
    const parsed = parseScope(file)
    if (parsed.ok && parsed.scope.access === "write") scopes.set(parsed.scope.pattern, parsed.scope)
  }
  return [...scopes.values()].sort((a, b) => compare(a.pattern, b.pattern))
}

function allNeeds(tasks: readonly AssessTask[]): Map<string, ReadonlySet<string>> {
  const direct = new Map(tasks.map((task) => [task.key, task.after]))
  return new Map(
    tasks.map((task) => {
      const found = new Set<string>()
      const open = [...task.after]
      for (let key = open.pop(); key !== undefined; key = open.pop()) {
        if (found.has(key)) continue
        found.add(key)
        open.push(...(direct.get(key) ?? []))
      }
      return [task.key, found]
    }),
  )
}
