/** Finds local branches that look abandoned: merged into the main one, or without a commit for a month. Looks only; deletes nothing. */
import type { BranchFinding } from "../../domain/health/health.ts"
import type { Programs } from "./programs.ts"

export const oldAfterDays = 30
const branchesMax = 200
const dayMs = 24 * 60 * 60_000

/** `now` in epoch milliseconds. */
export async function staleBranches(programs: Programs, now: number): Promise<BranchFinding> {
  const main = await mainBranch(programs)
  if (main === null) return { status: "unknown", why: "there is no commit yet, or it is no git repository", branches: [] }
  const [all, merged, tip] = await Promise.all([list(programs), list(programs, `--merged=${main}`), programs.git("rev-parse", main)])
  if (all === null || merged === null || tip === null) return { status: "unknown", why: "git could not list the branches", branches: [] }
  const isMerged = new Set(merged.map((branch) => branch.name))
  const stale = all
    .filter(({ name, inUse }) => name !== main && !inUse && !keptOnPurpose.test(name))
    .flatMap(({ name, commit, committedAt }): BranchFinding["branches"] => {
      const days = Math.max(0, Math.floor((now - committedAt) / dayMs))
      // One that was just begun is where the main branch is: merged in name only.
      if (isMerged.has(name) && (commit !== tip.trim() || days >= oldAfterDays)) return [{ name, reason: "merged", days }]
      return days >= oldAfterDays ? [{ name, reason: "old", days }] : []
    })
    .toSorted((a, b) => b.days - a.days || (a.name < b.name ? -1 : 1))
  if (stale.length === 0) return { status: "ok", why: `${all.length === 1 ? "1 branch" : `${all.length} branches`}, none of them stale`, branches: [] }
  const count = { merged: stale.filter(({ reason }) => reason === "merged").length, all: stale.length }
  const why = `${count.merged} merged and ${count.all - count.merged} older than ${oldAfterDays} days`
  return { status: "problem", why, branches: stale.slice(0, branchesMax) }
}

/** Rivals that lost are a record of the decision; Fleet's own are its own to tidy. */
const keptOnPurpose = /^(speculative|archive|fleet)\/|^(main|master|trunk|develop|development|gh-pages)$|^release([/-]|$)/

async function mainBranch(programs: Programs): Promise<string | null> {
  const remote = await programs.git("symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
  const names = [remote?.trim().replace(/^origin\//, ""), "main", "master", "trunk"].filter((name) => name !== undefined && name !== "")
  for (const name of names) if ((await programs.git("rev-parse", "--verify", "--quiet", `refs/heads/${name}`)) !== null) return name ?? null
  const current = await programs.git("symbolic-ref", "--quiet", "--short", "HEAD")
  return current === null || (await programs.git("rev-parse", "--verify", "--quiet", "HEAD")) === null ? null : current.trim()
}

interface Branch {
  readonly name: string
  readonly commit: string
  readonly committedAt: number
  /** Some checkout is on it. */
  readonly inUse: boolean
}

async function list(programs: Programs, ...which: readonly string[]): Promise<Branch[] | null> {
  const format = "--format=%(refname:lstrip=2)%00%(objectname)%00%(committerdate:unix)%00%(worktreepath)"
  const printed = await programs.git("for-each-ref", format, ...which, "refs/heads")
  return (
    printed?.split("\n").flatMap((line) => {
      const [name = "", commit = "", seconds = "", checkout = ""] = line.split("\0")
      return name === "" ? [] : [{ name, commit, committedAt: Number(seconds) * 1_000, inUse: checkout !== "" }]
    }) ?? null
  )
}
