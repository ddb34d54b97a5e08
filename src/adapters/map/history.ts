/** The latest commits of a checkout, with what each touched. */
import type { Commit } from "../../domain/map/map.ts"
import type { Git } from "./git.ts"

const commitsMax = 1_000
const authorCharsMax = 100

/** The newest first; merges left out. None for a repository without a commit. */
export async function readHistory(git: Git, root: string): Promise<Commit[]> {
  if ((await git.ask(root, ["rev-parse", "--verify", "-q", "HEAD"])) === null) return []
  const form = ["-z", "--format=%x01%ct %aN", "--name-only"]
  const printed = await git.read(root, ["log", `--max-count=${commitsMax}`, "--no-merges", "--no-renames", "--no-ext-diff", "--root", ...form, "HEAD", "--"])
  return printed.toString("utf8").split("\u0001").flatMap(commit)
}

function commit(printed: string): Commit[] {
  const [head = "", ...files] = printed.split("\0")
  const [, seconds, author = ""] = /^(\d+) (.*)$/m.exec(head) ?? []
  if (seconds === undefined) return []
  return [
    { at: Number(seconds) * 1_000, author: author.slice(0, authorCharsMax), files: files.map((file) => file.replace(/^\n/, "")).filter((file) => file !== "") },
  ]
}
