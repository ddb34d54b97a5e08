/** Which files belong to a checkout, and by which name git knows what is in each. Nothing is read but what git's own index says. */
import { entriesOf, type Git } from "./git.ts"

export interface ListedFile {
  readonly path: string
  /** The blob that git has of what the file holds now; null when it is new or changed. */
  readonly blob: string | null
}

/** What those who lead agents write down for each other, the index itself too, is no part of the repository's code. */
const plans = ".planning/"

/** Regular files, tracked or new, none that is ignored; by path. Neither links nor submodules. */
export async function listFiles(git: Git, root: string): Promise<ListedFile[]> {
  const [tracked, changed, added] = await Promise.all([
    git.read(root, ["ls-files", "--stage", "-z"]),
    git.read(root, ["diff-files", "--name-only", "-z"]),
    git.read(root, ["ls-files", "--others", "--exclude-standard", "-z"]),
  ])
  const blobs = new Map<string, string | null>()
  for (const entry of entriesOf(tracked)) {
    const [, mode = "", blob = "", stage, path = ""] = /^(\d+) ([0-9a-f]+) (\d)\t(.*)$/s.exec(entry) ?? []
    if (mode.startsWith("100")) blobs.set(path, stage === "0" ? blob : null)
  }
  for (const path of entriesOf(changed)) if (blobs.has(path)) blobs.set(path, null)
  // What ends in a slash is a repository of its own.
  for (const path of entriesOf(added)) if (!path.endsWith("/")) blobs.set(path, null)
  return [...blobs]
    .filter(([path]) => !path.startsWith(plans))
    .map(([path, blob]) => ({ path, blob }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
}
