/** Who has a branch checked out, as far as the repository knows. */
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import type { Git } from "./git.ts"
import { exists } from "./lane.ts"
import { refOf } from "./repository.ts"

export interface Checkout {
  readonly path: string
  readonly branch: string | null
  readonly locked: boolean
}

/** Checkouts whose branch it is; one that rebases or bisects it has a detached HEAD, so that is looked up too. */
export async function checkoutsWith(git: Git, common: string, ref: string): Promise<readonly Checkout[]> {
  const found: Checkout[] = []
  for (const checkout of await checkoutsOf(git, common)) {
    if (!checkout.locked && !(await exists(checkout.path))) continue
    if (checkout.branch === ref || (checkout.branch === null && (await worksOn(git, checkout.path, ref)))) found.push(checkout)
  }
  return found
}

async function checkoutsOf(git: Git, common: string): Promise<readonly Checkout[]> {
  const records = (await git.read(common, ["worktree", "list", "--porcelain", "-z"])).split("\0\0").map((record) => record.split("\0"))
  return records.flatMap((fields) => {
    const value = (name: string): string | null => fields.find((field) => field.startsWith(`${name} `))?.slice(name.length + 1) ?? null
    const path = value("worktree")
    if (path === null || fields.includes("bare")) return []
    return [{ path, branch: value("branch"), locked: fields.some((field) => field === "locked" || field.startsWith("locked ")) }]
  })
}

async function worksOn(git: Git, checkout: string, ref: string): Promise<boolean> {
  const gitDirectory = await git.ask(checkout, ["rev-parse", "--absolute-git-dir"])
  if (gitDirectory === null) return false
  const names = await Promise.all(["rebase-merge/head-name", "rebase-apply/head-name", "BISECT_START"].map((name) => textOf(join(gitDirectory, name))))
  return names.some((name) => name !== null && refOf(name) === ref)
}

async function textOf(path: string): Promise<string | null> {
  return readFile(path, "utf8").then(
    (text) => text.trim(),
    () => null,
  )
}
