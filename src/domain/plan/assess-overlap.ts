/** Compares what tasks touch, pair by pair: the same paths, wildcards that meet, directories, and boundaries between modules. */
import { fold } from "../scope/glob.ts"
import { covers, overlaps } from "../scope/overlap.ts"
import type { Scope } from "../scope/scope.ts"
import { ScopeTrie } from "../scope/trie.ts"
import { boundaryAdvice, boundaryOf, type Boundary } from "./assess-boundary.ts"
import { PairTable } from "./assess-pairs.ts"
import { firstFrom, RepositoryFiles } from "./assess-repository.ts"
import { compare, isLiteral, literalPrefix, namesFile, named, type Touched } from "./assess-touched.ts"
import { assessLimits, type SharedBoundary } from "./assessment.ts"

export interface Compared {
  readonly pairs: PairTable
  readonly boundaries: readonly SharedBoundary[]
}

/** `tasks` are sorted by key; the answer names them by their place. */
export function compareTasks(tasks: readonly Touched[], files: readonly string[]): Compared {
  const repository = new RepositoryFiles(files)
  const pairs = new PairTable(tasks.length)
  noteUnknown(tasks, pairs)
  notePaths(tasks, pairs)
  notePatterns(tasks, pairs, repository)
  noteDirectories(tasks, pairs, repository)
  const boundaries = noteBoundaries(tasks, pairs, repository)
  if (pairs.spent) noteUnlooked(tasks, pairs)
  return { pairs, boundaries }
}

/** Nothing is known of it, so it may meet everything. */
function noteUnknown(tasks: readonly Touched[], pairs: PairTable): void {
  for (const [at, task] of tasks.entries())
    if (!task.known) for (const other of tasks.keys()) pairs.note(at, other, "possible", () => `nobody said which files ${named(task.title)} touches`)
}

function noteUnlooked(tasks: readonly Touched[], pairs: PairTable): void {
  for (const one of tasks.keys())
    for (const other of tasks.keys())
      if (pairs.overlap(one, other) === "none") pairs.note(one, other, "possible", () => "there are too many files to compare all of them")
}

type Places = Map<string, Set<number>>

function addTo(places: Places, name: string, task: number): void {
  const held = places.get(name)
  if (held === undefined) places.set(name, new Set([task]))
  else held.add(task)
}

/** Patterns that are equal, and paths without wildcards that are or hold each other. Upper and lower case count as one, as some file systems have it. */
function notePaths(tasks: readonly Touched[], pairs: PairTable): void {
  const written = new Map<string, { readonly task: number; readonly pattern: string }[]>()
  for (const [task, { scopes }] of tasks.entries())
    for (const { pattern } of scopes) {
      const folded = fold(pattern, true)
      const held = written.get(folded)
      if (held === undefined) written.set(folded, [{ task, pattern }])
      else held.push({ task, pattern })
    }
  for (const [folded, here] of written) {
    if (pairs.spent) return
    for (const [at, one] of here.entries())
      for (const other of here.slice(at + 1)) {
        if (one.pattern === other.pattern) pairs.note(one.task, other.task, "definite", () => `both touch ${one.pattern}`)
        else
          pairs.note(one.task, other.task, "possible", () => `${[one.pattern, other.pattern].sort(compare).join(" and ")} differ only in upper and lower case`)
      }
    if (!isLiteral(folded)) continue
    for (const above of ancestorsOf(folded))
      for (const holder of written.get(above) ?? [])
        for (const one of here)
          pairs.note(
            holder.task,
            one.task,
            "definite",
            () => `${one.pattern} lies in ${holder.pattern}, which ${named(tasks[holder.task]?.title ?? "")} touches`,
          )
  }
}

function* ancestorsOf(path: string): Generator<string> {
  for (let cut = path.lastIndexOf("/"); cut > 0; cut = path.lastIndexOf("/", cut - 1)) yield path.slice(0, cut)
}

/** Each pattern once, with the tasks that name it: many tasks name the same ones. */
function notePatterns(tasks: readonly Touched[], pairs: PairTable, repository: RepositoryFiles): void {
  const owners: Places = new Map()
  const scopes = new Map<string, Scope>()
  for (const [task, touched] of tasks.entries())
    for (const scope of touched.scopes) {
      addTo(owners, scope.pattern, task)
      scopes.set(scope.pattern, scope)
    }
  const sorted = [...scopes.values()].sort((a, b) => compare(a.pattern, b.pattern))
  // Those without wildcards were compared already.
  const wild = sorted.filter((scope) => !isLiteral(scope.pattern))
  const trie = new ScopeTrie<string>({ ignoreCase: true })
  if (wild.length > 0) for (const scope of sorted) trie.add(scope, scope.pattern)
  const everywhere = wild.filter((scope) => literalPrefix(scope.pattern) === "").length
  let names = 0
  for (const left of wild) {
    names += looksAtLeast + everywhere + countBelow(sorted, literalPrefix(left.pattern))
    if (names > assessLimits.namesLooked) {
      for (const owner of owners.get(left.pattern) ?? [])
        for (const other of tasks.keys()) pairs.note(owner, other, "possible", () => "there are too many wildcards to compare all of them")
      continue
    }
    const met = [...trie.overlapping(left)].map((holding) => holding.scope).sort((a, b) => compare(a.pattern, b.pattern))
    for (const right of met)
      if (!pairs.spent && (isLiteral(right.pattern) || left.pattern < right.pattern)) notePair(left, right, { owners, pairs, repository })
  }
}

const looksAtLeast = 10

/** How many patterns a question may have to walk through. */
function countBelow(sorted: readonly Scope[], prefix: string): number {
  if (prefix === "") return sorted.length
  const at = (text: string): number => firstFrom(sorted.length, (index) => compare(sorted[index]?.pattern ?? "", text) < 0)
  // `0` is the character after `/`.
  return at(`${prefix}0`) - at(`${prefix}/`)
}

interface Notes {
  readonly owners: Places
  readonly pairs: PairTable
  readonly repository: RepositoryFiles
}

function notePair(left: Scope, right: Scope, { owners, pairs, repository }: Notes): void {
  const [a, b] = [owners.get(left.pattern) ?? [], owners.get(right.pattern) ?? []]
  const sure = surelyMeet(left, right, repository)
  const both = [left.pattern, right.pattern].sort(compare).join(" and ")
  for (const one of a)
    for (const other of b)
      if (sure === null) pairs.note(one, other, "possible", () => `${both} can name the same file`)
      else pairs.note(one, other, "definite", () => sure)
}

/** Says why both surely name something: one holds the other, or a file that is there. Null when that is not known. */
function surelyMeet(left: Scope, right: Scope, repository: RepositoryFiles): string | null {
  if (!overlaps(left, right)) return null
  const [first, second] = compare(left.pattern, right.pattern) < 0 ? [left, right] : [right, left]
  for (const [holder, held] of [
    [first, second],
    [second, first],
  ] as const) {
    const prefix = literalPrefix(held.pattern)
    if (holder.pattern === "**" || (prefix !== "" && covers(holder, prefix))) return `${holder.pattern} holds ${held.pattern}`
  }
  const file = repository.inBoth(first, second)
  return file === null ? null : `${first.pattern} and ${second.pattern} both name ${file}`
}

/** Directories that hold modules, and so are none themselves. */
const containers = new Set(
  (
    "src lib app apps packages pkg internal cmd crates services modules components features pages views test tests spec specs __tests__ e2e docs source sources main " +
    "java kotlin python public assets examples scripts projects libs plugins"
  ).split(" "),
)
const isContainer = (directory: string): boolean => containers.has(directory.split("/").at(-1)?.toLowerCase() ?? "")

/** The root is no module: what lies there has nothing in common. */
function noteDirectories(tasks: readonly Touched[], pairs: PairTable, repository: RepositoryFiles): void {
  const direct: Places = new Map()
  const below: Places = new Map()
  for (const [task, { scopes }] of tasks.entries())
    for (const { pattern } of scopes) {
      const directory = directoryOf(pattern, repository)
      if (directory === "") continue
      addTo(direct, directory, task)
      for (const above of ancestorsOf(directory)) if (!isContainer(above)) addTo(below, above, task)
    }
  for (const directory of [...direct.keys()].sort(compare)) {
    if (pairs.spent) return
    const here = [...(direct.get(directory) ?? [])]
    for (const one of here) {
      for (const other of here) pairs.note(one, other, "possible", () => `both work in ${directory}`)
      for (const other of below.get(directory) ?? []) pairs.note(one, other, "possible", () => `both work in ${directory} and below it`)
    }
  }
}

/** Where the files lie that a pattern names; empty for the root, and for a pattern that goes through everything. */
function directoryOf(pattern: string, repository: RepositoryFiles): string {
  if (isLiteral(pattern)) {
    const file = repository.holds(pattern) || (!repository.isDirectory(pattern) && namesFile(pattern))
    return file ? pattern.slice(0, Math.max(0, pattern.lastIndexOf("/"))) : pattern
  }
  const prefix = literalPrefix(pattern)
  const oneLevel = !pattern.slice(prefix.length + 1).includes("/")
  return oneLevel || !isContainer(prefix) ? prefix : ""
}

function noteBoundaries(tasks: readonly Touched[], pairs: PairTable, repository: RepositoryFiles): SharedBoundary[] {
  const places = new Map<string, { readonly boundary: Boundary; readonly tasks: Set<number> }>()
  const add = (boundary: Boundary, task: number): void => {
    const name = `${boundary.what}\n${groupOf(boundary)}`
    const held = places.get(name)
    if (held === undefined) places.set(name, { boundary, tasks: new Set([task]) })
    else held.tasks.add(task)
  }
  for (const [task, { scopes }] of tasks.entries())
    for (const { pattern } of scopes) {
      const boundary = boundaryOf(pattern)
      if (boundary !== null) add(boundary, task)
      const directory = directoryOf(pattern, repository)
      for (const barrel of directory === "" ? [] : repository.barrelsIn(directory)) add({ kind: "barrel", what: barrel }, task)
    }
  const shared = [...places.values()].filter((place) => place.tasks.size > 1)
  for (const place of shared)
    for (const one of place.tasks) for (const other of place.tasks) pairs.note(one, other, "possible", () => `both would change ${place.boundary.what}`)
  return shared
    .map(({ boundary, tasks: held }) => ({
      kind: boundary.kind,
      what: boundary.what,
      tasks: [...held].map((at) => tasks[at]?.key ?? "").sort(compare),
      advice: boundaryAdvice[boundary.kind],
    }))
    .sort((a, b) => compare(a.what, b.what) || compare(a.kind, b.kind))
}

/** A lock file changes whenever its manifest does. */
const groupOf = ({ kind }: Boundary): string => (kind === "lock" || kind === "manifest" ? "dependencies" : kind)
