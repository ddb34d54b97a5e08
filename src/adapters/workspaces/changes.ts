/** What a workspace changed, committed or not, seen without touching the agent's index; and how git tells of changed files. */
import type { FileChange } from "../../domain/worker/job-result.ts"
import { fault, FaultError } from "../../domain/fault.ts"
import { bring } from "./clone.ts"
import type { Context } from "./context.ts"
import type { Git } from "./git.ts"
import type { Place } from "./journal.ts"
import { refOf } from "./repository.ts"
import { withEverythingStaged } from "./snapshot.ts"

export const plain = ["--no-ext-diff", "--no-textconv", "--no-color", "-M", "--ignore-submodules=dirty"]

const shape = ["--src-prefix=a/", "--dst-prefix=b/", "--full-index"]

export async function changesOf(context: Context, place: Place, target: string): Promise<readonly FileChange[]> {
  const base = await mergeBase(context, place, "HEAD", target)
  return withEverythingStaged(context.git, context.home, place.path, async (environment) =>
    parseChanges(await context.git.read(place.path, ["diff", "--cached", "--raw", "--numstat", "-z", ...plain, base], { environment })),
  )
}

/** `target`: the branch that it lands on, or the very commit to count from. */
export async function patchOf(context: Context, place: Place, target: string, bytesMax: number): Promise<string> {
  const base = /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(target) ? target : await mergeBase(context, place, "HEAD", target)
  return withEverythingStaged(context.git, context.home, place.path, async (environment) => {
    return (await context.git.run(place.path, ["diff", "--cached", "--patch", ...shape, ...plain, base], { environment, stdoutBytesMax: bytesMax })).stdout
  })
}

/** What a merge brought to the branch that it is on. */
export async function broughtBy(git: Git, repository: string, commit: string, bytesMax: number): Promise<{ files: readonly FileChange[]; patch: string }> {
  const [from, to] = [`${commit}^1`, commit]
  const files = await changesBetween(git, repository, from, to)
  const { stdout } = await git.run(repository, ["diff-tree", "-r", "--patch", ...shape, ...plain, from, to], { stdoutBytesMax: bytesMax })
  return { files, patch: stdout }
}

export async function changesBetween(git: Git, directory: string, from: string, to: string): Promise<readonly FileChange[]> {
  return parseChanges(await git.read(directory, ["diff-tree", "-r", "--raw", "--numstat", "-z", ...plain, from, to]))
}

/** The merge base of something in the workspace with the target branch, which is looked up in the repository. */
export async function mergeBase(context: Context, place: Place, head: string, target: string): Promise<string> {
  const tip = await bring(context, place, refOf(target))
  if (tip === null)
    throw new FaultError(
      fault(
        "unknown-target",
        `there is no branch ${target} in ${place.repository}`,
        "work is compared with the branch that it lands on",
        `make it: git -C '${place.repository}' branch ${target}`,
      ),
    )
  const base = await context.git.ask(place.path, ["merge-base", head, tip])
  if (base === null)
    throw new FaultError(
      fault(
        "unrelated-histories",
        `${place.branch} and ${target} have no commit in common`,
        "the branch was started anew, or replaced",
        "start the task again from the target branch",
      ),
    )
  return base
}

/** One side of a changed file as git stores it. */
export interface Stored {
  /** `000000`: not there; `160000`: a link to another repository's commit. */
  readonly mode: string
  readonly object: string
}
export interface Changed {
  readonly change: FileChange
  readonly before: Stored
  readonly after: Stored
}

export const parseChanges = (text: string): readonly FileChange[] => parseChanged(text).map(({ change }) => change)

/** Parses `--raw --numstat -z`: first all raw entries, then the counts in the same order. */
export function parseChanged(text: string): readonly Changed[] {
  const fields = text.split("\0")
  const found: { path: string; status: FileChange["status"]; from: string | null; raw: string }[] = []
  const counts = new Map<string, { additions: number | null; deletions: number | null }>()
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at] ?? ""
    if (field.startsWith(":")) {
      const status = statusOf(field)
      const from = status === "renamed" ? (fields[++at] ?? "") : null
      found.push({ path: fields[++at] ?? "", status, from, raw: field })
    } else if (field !== "") {
      const [additions = "-", deletions = "-", ...rest] = field.split("\t")
      const renamed = rest.join("\t") === ""
      if (renamed) at++
      counts.set(renamed ? (fields[++at] ?? "") : rest.join("\t"), { additions: countOf(additions), deletions: countOf(deletions) })
    }
  }
  return found.map(({ path, status, from, raw }) => {
    const [modeBefore = "", modeAfter = "", objectBefore = "", objectAfter = ""] = raw.slice(1).split(" ")
    const change = { path, status, ...(counts.get(path) ?? { additions: null, deletions: null }), from }
    return { change, before: { mode: modeBefore, object: objectBefore }, after: { mode: modeAfter, object: objectAfter } }
  })
}

function statusOf(raw: string): FileChange["status"] {
  const letter = raw.split(" ")[4]?.[0]
  if (letter === "A" || letter === "C") return "added"
  if (letter === "D") return "deleted"
  return letter === "R" ? "renamed" : "modified"
}

/** Binary files have `-`. */
const countOf = (text: string): number | null => (text === "-" ? null : Number(text))
