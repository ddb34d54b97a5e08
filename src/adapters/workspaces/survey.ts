/** What a workspace holds against a commit, or between two trees, uncommitted and untracked files included, without touching the agent's index. */
import { fault, FaultError } from "../../domain/fault.ts"
import type { Survey } from "../../domain/worker/job-result.ts"
import type { FileDiff } from "../../protocol/worker.ts"
import { type Changed, parseChanged, plain } from "./changes.ts"
import type { Context } from "./context.ts"
import type { Adopted, Place } from "./journal.ts"
import { withEverythingStaged } from "./snapshot.ts"
import { withTexts } from "./texts.ts"

/** Changes are those inside of it, and their paths are relative to it. */
interface Area {
  readonly path: string
  /** Where it is in its checkout, `""` at the top, otherwise ending in `/`. */
  readonly prefix: string
}

export async function survey(context: Context, place: Place | Adopted, base: string | null): Promise<Survey> {
  const area = await areaOf(context, place)
  if (area === null) return { files: [], tree: null }
  const from = base === null ? await emptyTree(context, area) : await treeOf(context, area, base)
  const tree = await treeNow(context, area)
  return { files: (await changed(context, area, from, tree)).map(({ change }) => change), tree }
}

export async function diffs(context: Context, place: Place | Adopted, from: string, to: string | null): Promise<{ diffs: readonly FileDiff[]; cut: boolean }> {
  const area = await areaOf(context, place)
  if (area === null) return { diffs: [], cut: false }
  const before = await treeOf(context, area, from)
  const after = to === null ? await treeNow(context, area) : await treeOf(context, area, to)
  return withTexts(context.git, area.path, await changed(context, area, before, after))
}

/** Null where git knows nothing: in no repository, or in a folder that its repository ignores. */
async function areaOf({ git }: Context, place: Place | Adopted): Promise<Area | null> {
  const { path } = place
  const prefix = (await git.holds(path, ["rev-parse", "--show-toplevel"])) ? await git.ask(path, ["rev-parse", "--show-prefix"]) : null
  if ("strategy" in place && prefix !== "") {
    const why = `${path} is no checkout of its own any more: somebody removed its repository`
    throw new FaultError(
      fault("repository-gone", `the workspace ${place.workspace} cannot be looked at`, why, "bring the repository back, or copy what you need"),
    )
  }
  if (prefix === null || (prefix !== "" && (await git.holds(path, ["check-ignore", "--quiet", "."])))) return null
  return { path, prefix }
}

async function treeNow({ git, home }: Context, { path, prefix }: Area): Promise<string> {
  const write = async (environment: Readonly<Record<string, string>>) => (await git.read(path, ["write-tree"], { environment })).trim()
  return withEverythingStaged(git, home, path, write, undefined, prefix !== "")
}

async function treeOf({ git }: Context, { path }: Area, revision: string): Promise<string> {
  const tree = await git.ask(path, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{tree}`])
  if (tree !== null) return tree
  const why = "it is no commit or tree of that repository, or git has cleaned it up since"
  throw new FaultError(fault("unknown-revision", `there is no ${revision} in ${path}`, why, "compare with a commit that is on a branch"))
}

const emptyTree = async ({ git }: Context, { path }: Area): Promise<string> => (await git.read(path, ["hash-object", "-t", "tree", "--stdin"])).trim()

async function changed({ git }: Context, { path, prefix }: Area, from: string, to: string): Promise<readonly Changed[]> {
  const within = prefix === "" ? "--no-relative" : `--relative=${prefix}`
  return parseChanged(await git.read(path, ["diff-tree", "-r", "--raw", "--numstat", "--no-abbrev", "-z", ...plain, within, from, to]))
}
