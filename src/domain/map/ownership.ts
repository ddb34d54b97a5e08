/** Whose a part of a repository is: who wrote most of it lately, and who is written down as its owner. */
import { covers } from "../scope/overlap.ts"
import { parseScope } from "../scope/normalise.ts"
import type { Scope } from "../scope/scope.ts"
import type { Commit, MappedFile, OwnerRule } from "./map.ts"

export interface Ownership {
  /** Those who touched it most, with the number of touches (one for each commit and file). */
  readonly authors: readonly (readonly [name: string, touches: number])[]
  /** From CODEOWNERS, those of the most files first. */
  readonly owners: readonly string[]
}

const rulesMax = 500
const ownersMax = 10
const authorsMax = 3
/** So many of a module's files are looked up in CODEOWNERS: matching patterns is slow. */
const filesAskedMax = 50

/** Reads a CODEOWNERS file: a pattern and its owners on each line; sections, comments and what is no pattern are left out. */
export function readOwnerRules(text: string): OwnerRule[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/(?:^|\s)#.*$/s, "").trim())
    .filter((line) => line !== "" && !/^\^?\[/.test(line))
    .slice(0, rulesMax)
    .map((line) => {
      const [pattern = "", ...owners] = line.split(/(?<!\\)\s+/)
      return { pattern: pattern.replaceAll("\\ ", " "), owners: owners.slice(0, ownersMax) }
    })
}

/** Looks ownership up for the files of one module after the other. */
export function ownershipOf(commits: readonly Commit[], rules: readonly OwnerRule[]): (files: readonly MappedFile[]) => Ownership {
  const touched = touchesByFile(commits)
  const scopes = rules.flatMap(scopedRule)
  return (files) => ({
    authors: mostFrequent(files.flatMap(({ path }) => touched.get(path) ?? [])).slice(0, authorsMax),
    owners: mostFrequent(files.slice(0, filesAskedMax).flatMap(({ path }) => scopes.findLast(({ scope }) => covers(scope, path))?.owners ?? [])).map(
      ([name]) => name,
    ),
  })
}

function touchesByFile(commits: readonly Commit[]): Map<string, string[]> {
  const touched = new Map<string, string[]>()
  for (const { author, files } of commits) {
    for (const path of files) {
      const authors = touched.get(path)
      if (authors === undefined) touched.set(path, [author])
      else authors.push(author)
    }
  }
  return touched
}

/** As in `.gitignore`: a pattern with a `/` before its end is meant from the root, another one in any directory. */
function scopedRule({ pattern, owners }: OwnerRule): { scope: Scope; owners: readonly string[] }[] {
  const anchored = pattern.replace(/\/$/, "").includes("/")
  const parsed = parseScope(anchored ? pattern.replace(/^\//, "") : `**/${pattern}`)
  return parsed.ok ? [{ scope: parsed.scope, owners }] : []
}

function mostFrequent(names: readonly string[]): (readonly [string, number])[] {
  return [...Map.groupBy(names, (name) => name)]
    .map(([name, all]) => [name, all.length] as const)
    .toSorted(([a, one], [b, two]) => two - one || (a < b ? -1 : 1))
}
