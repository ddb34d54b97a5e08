/** Finds files of a workspace by a part of their name, as one types it into a chat: best first. */
import { lstat } from "node:fs/promises"
import { basename, join } from "node:path"
import { tree } from "./files.ts"
import { entries, type Git } from "./git.ts"
import { sentChars } from "./texts.ts"

const foundMax = 1_000
const charsMax = 4 << 20

export async function findFiles(git: Git, root: string, text: string, limit: number): Promise<readonly string[]> {
  const found: string[] = []
  let chars = 0
  for (const path of ranked(await pathsOf(git, root), text)) {
    chars += sentChars(path)
    if (found.length >= Math.min(limit, foundMax) || chars > charsMax) break
    // Git also knows files that somebody deleted, links and submodules.
    if ((await lstat(join(root, path)).catch(() => null))?.isFile() === true) found.push(path)
  }
  return found
}

/** Those that match, best first: the name itself, how it begins, what is in it, what is in the path, the letters in their order. */
export function ranked(paths: readonly string[], text: string): readonly string[] {
  const wanted = text.toLowerCase()
  return paths
    .flatMap((path) => {
      const rank = rankOf(path.toLowerCase(), wanted)
      return rank === null ? [] : [{ path, rank }]
    })
    .toSorted((a, b) => a.rank - b.rank || a.path.length - b.path.length || (a.path < b.path ? -1 : 1))
    .map(({ path }) => path)
}

function rankOf(path: string, wanted: string): number | null {
  const name = basename(path)
  if (name === wanted || path === wanted) return 0
  if (name.startsWith(wanted)) return 1
  if (name.includes(wanted)) return 2
  if (path.includes(wanted)) return 3
  return inOrder(path, wanted) ? 4 : null
}

function inOrder(path: string, wanted: string): boolean {
  let at = 0
  for (const letter of wanted) {
    at = path.indexOf(letter, at) + 1
    if (at === 0) return false
  }
  return true
}

/** What git shows; where there is no repository, the tree. */
async function pathsOf(git: Git, root: string): Promise<readonly string[]> {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"]
  if (await git.holds(root, ["rev-parse", "--show-toplevel"])) return entries(await git.read(root, args))
  return (await tree(root)).entries.filter(({ type }) => type === "file").map(({ path }) => path)
}
