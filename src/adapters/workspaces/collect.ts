/** Says what a workspace's branch holds, after committing what the agent left lying and bringing the work back onto the branch. */
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { fault, FaultError } from "../../domain/fault.ts"
import type { CollectWork } from "../../domain/worker/job.ts"
import type { Collected } from "../../domain/worker/job-result.ts"
import { changesBetween, mergeBase } from "./changes.ts"
import { publishBranch } from "./clone.ts"
import { commitEverything, isMerging } from "./commit.ts"
import type { Context } from "./context.ts"
import type { Identity } from "./git.ts"
import { entries } from "./git.ts"
import type { Place } from "./journal.ts"
import { insist, sharedLocks } from "./lane.ts"
import { unmergedIn } from "./merge.ts"
import { commitOf, refOf } from "./repository.ts"
import { embeddedIn, linksIn } from "./snapshot.ts"

export async function collect(context: Context, place: Place, job: CollectWork, signal: AbortSignal): Promise<Collected> {
  const { git } = context
  await returnToBranch(context, place)
  const unmerged = await unmergedIn(context, place.path)
  const unresolved = await unresolvedIn(context, place.path, unmerged, job.conflicted)
  // A merge with markers in it is not committed: the agent is to finish it.
  const unfinished = unresolved.length > 0 && (unmerged.length > 0 || (await isMerging(context, place.path)))
  const committedByFleet = !unfinished && (await commitEverything(context, place, job.message, identityOf(job.agent), signal))
  const head = (await git.read(place.path, ["rev-parse", "HEAD"])).trim()
  const base = await mergeBase(context, place, head, job.target)
  await publishBranch(context, place, head)
  return {
    head,
    tree: (await git.read(place.path, ["rev-parse", `${head}^{tree}`])).trim(),
    base,
    commits: Number(await git.read(place.path, ["rev-list", "--count", `${base}..${head}`])),
    committedByFleet,
    files: await changesBetween(git, place.path, base, head),
    unresolved,
    embedded: [...(await embeddedIn(git, place.path)), ...(await unregisteredLinks(context, place.path))],
  }
}

/**
 * The workspace's HEAD is what counts. An agent that went to another branch, or none, has its work brought onto the
 * workspace's branch, if the branch loses nothing by it.
 */
async function returnToBranch(context: Context, place: Place): Promise<void> {
  const { git } = context
  const ref = refOf(place.branch)
  if (place.strategy === "existing" || (await git.ask(place.path, ["symbolic-ref", "--quiet", "HEAD"])) === ref) return
  const head = await commitOf(git, place.path, "HEAD")
  const tip = await commitOf(git, place.path, ref)
  const after = tip ?? place.base
  if (head === null || !(await git.holds(place.path, ["merge-base", "--is-ancestor", after, head])))
    throw new FaultError(
      fault(
        "left-the-branch",
        `the agent left the branch ${place.branch}`,
        `what it has checked out does not contain ${after.slice(0, 12)}, the branch's last commit`,
        `decide which to keep: git -C '${place.path}' log --all --oneline`,
      ),
    )
  if (head !== tip) {
    const args = ["update-ref", "-m", "fleet: brought back", ref, head, tip ?? "0".repeat(head.length)]
    await context.repositories.run(place.common, () => insist(git, place.path, args, sharedLocks(place.common, ref)))
  }
  await git.read(place.path, ["symbolic-ref", "-m", "fleet: back on the branch", "HEAD", ref])
}

/** Files with markers in them, and unmerged ones that never had any (deleted on one side, binary) and that nobody added since. */
async function unresolvedIn(context: Context, path: string, unmerged: readonly string[], conflicted: readonly string[]): Promise<readonly string[]> {
  const unmarked = unmerged.length === 0 ? new Set<string>() : await withoutMarkers(context, path)
  const unresolved: string[] = []
  for (const file of new Set([...unmerged, ...conflicted])) {
    const text = await readFile(join(path, file)).catch(() => null)
    if (unmerged.includes(file) ? unmarked.has(file) || text === null || isBinary(text) || hasMarkers(text) : text !== null && hasMarkers(text))
      unresolved.push(file)
  }
  return unresolved
}

/** Unmerged files that lack one of the two sides: git leaves no markers in them. */
async function withoutMarkers(context: Context, path: string): Promise<Set<string>> {
  const sides = new Map<string, Set<string>>()
  for (const entry of entries(await context.git.read(path, ["ls-files", "-z", "--unmerged"]))) {
    const [stages, file] = [entry.slice(0, entry.indexOf("\t")), entry.slice(entry.indexOf("\t") + 1)]
    sides.set(file, (sides.get(file) ?? new Set()).add(stages.split(" ")[2] ?? ""))
  }
  return new Set([...sides].filter(([, stages]) => !stages.has("2") || !stages.has("3")).map(([file]) => file))
}

const isBinary = (text: Buffer): boolean => text.subarray(0, 8_000).includes(0)

function hasMarkers(text: Buffer): boolean {
  const lines = text.toString("latin1")
  return /^<{7}(?: |\r?$)/m.test(lines) && /^>{7}(?: |\r?$)/m.test(lines)
}

/** Links to repositories that `.gitmodules` does not know: an embedded repository that the agent added. */
async function unregisteredLinks(context: Context, path: string): Promise<readonly string[]> {
  const links = await linksIn(context.git, path)
  if (links.length === 0) return []
  const known = await context.git.run(path, ["config", "--file", ".gitmodules", "--null", "--get-regexp", "^submodule\\..*\\.path$"])
  const registered = new Set(entries(known.stdout).map((entry) => entry.slice(entry.indexOf("\n") + 1)))
  return links.filter((link) => !registered.has(link))
}

function identityOf(agent: string): Identity {
  const name = agent.replace(/[^A-Za-z0-9._-]+/g, "-") || "agent"
  return { name: `${name} (fleet)`, email: `${name}@fleet.invalid` }
}
