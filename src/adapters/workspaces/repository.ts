/** What our own commands need to know of a repository. They run in its common directory, never in the person's checkout. */
import { fault, FaultError } from "../../domain/fault.ts"
import { notARepository } from "../../domain/repository/not-a-repository.ts"
import type { Git } from "./git.ts"

/** Absolute path of the directory that all checkouts of the repository share. */
export async function commonDirectoryOf(git: Git, directory: string): Promise<string> {
  const common = await git.ask(directory, ["rev-parse", "--path-format=absolute", "--git-common-dir"])
  if (common === null) throw notRepository(directory)
  return common
}

export const notRepository = (directory: string): FaultError => new FaultError(notARepository(directory))

/** The top of the checkout that `directory` is in, or null for a bare repository. */
export async function checkoutOf(git: Git, directory: string): Promise<string | null> {
  const top = await git.ask(directory, ["rev-parse", "--path-format=absolute", "--show-toplevel"])
  return top === "" ? null : top
}

/** The commit that a ref or an id names, or null. */
export function commitOf(git: Git, directory: string, ref: string): Promise<string | null> {
  return git.ask(directory, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`])
}

/** The commit at the tip of a branch; a tag of the same name does not stand in for it. */
export function tipOf(git: Git, directory: string, branch: string): Promise<string | null> {
  return commitOf(git, directory, refOf(branch))
}

export const refOf = (branch: string): string => (branch.startsWith("refs/") ? branch : `refs/heads/${branch}`)

/** The commit that work starts from; a fault tells an empty repository from an unknown name. */
export async function baseOf(git: Git, common: string, repository: string, base: string): Promise<string> {
  // Asked in the checkout that was named: HEAD differs between checkouts.
  const commit = await commitOf(git, repository, base)
  if (commit !== null) return commit
  const empty =
    !(await git.holds(common, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"])) && (await git.read(common, ["for-each-ref", "--count=1"])) === ""
  throw new FaultError(
    empty
      ? fault(
          "no-commits",
          `${repository} has no commits`,
          "a workspace starts from a commit",
          `commit something first: git -C '${repository}' commit --allow-empty -m 'First commit'`,
        )
      : fault(
          "unknown-base",
          `there is no ${base} in ${repository}`,
          "no branch, tag or commit has that name",
          `see what there is: git -C '${repository}' branch --all`,
        ),
  )
}

/** Refuses names that git refuses, and those that another ref stands in the way of. */
export async function checkBranchName(git: Git, common: string, branch: string): Promise<void> {
  if (!(await git.holds(common, ["check-ref-format", "--branch", branch])))
    throw new FaultError(
      fault("bad-branch", `${JSON.stringify(branch)} is not a branch name`, "git does not allow it", "use letters, digits, '-', '_', '.' and '/'"),
    )
  const parts = branch.split("/")
  const above = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"))
  const below = (await git.read(common, ["for-each-ref", "--count=1", "--format=%(refname:lstrip=2)", `refs/heads/${branch}/`])).trim()
  for (const name of [...above, ...(below === "" ? [] : [below])])
    if (name === below || (await tipOf(git, common, name)) !== null)
      throw new FaultError(
        fault(
          "branch-in-the-way",
          `the branch ${branch} cannot be made`,
          `there is a branch ${name}, and git cannot keep both`,
          `rename it: git branch -m ${name} ${name.replaceAll("/", "-")}-old`,
        ),
      )
}
