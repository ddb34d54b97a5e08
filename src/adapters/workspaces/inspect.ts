/** What git says of a directory that a person points at. */
import { stat } from "node:fs/promises"
import { FaultError } from "../../domain/fault.ts"
import type { RepositoryFacts } from "../../domain/repository/facts.ts"
import { noDirectory } from "../../domain/repository/not-a-repository.ts"
import type { Git } from "./git.ts"
import { entries } from "./git.ts"
import { checkoutOf, commitOf, commonDirectoryOf, tipOf } from "./repository.ts"
import { isKeptByFleet } from "./target.ts"

const dirtyMax = 20

/** `ref`: a branch whose commit is wanted, too. */
export async function inspect(git: Git, directory: string, ref: string | null = null): Promise<RepositoryFacts> {
  const found = await stat(directory).catch(() => null)
  if (found?.isDirectory() !== true) throw new FaultError(noDirectory(directory))
  const commonDirectory = await commonDirectoryOf(git, directory)
  const checkout = await checkoutOf(git, directory)
  const root = checkout ?? commonDirectory
  const branches = await git.read(root, ["for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads"])
  return {
    root,
    commonDirectory,
    head: await commitOf(git, root, "HEAD"),
    branch: await git.ask(root, ["symbolic-ref", "--quiet", "--short", "HEAD"]),
    bare: checkout === null,
    dirty: checkout === null ? [] : await dirtyIn(git, checkout),
    ignoreCase: (await git.ask(root, ["config", "--type=bool", "--get", "core.ignoreCase"])) === "true",
    refCommit: ref === null ? null : await tipOf(git, root, ref),
    branches: branches.split("\n").filter((branch) => branch !== ""),
  }
}

async function dirtyIn(git: Git, checkout: string): Promise<readonly string[]> {
  const status = await git.read(checkout, ["status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=no", "--ignore-submodules=dirty"])
  return entries(status)
    .map((entry) => entry.slice(3))
    .filter((file) => !isKeptByFleet(file))
    .slice(0, dirtyMax)
}
