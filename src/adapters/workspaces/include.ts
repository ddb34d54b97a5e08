/** Brings along what a checkout needs and git does not carry: files that `.worktreeinclude` (gitignore syntax) names and that are ignored. */
import { constants } from "node:fs"
import { copyFile, lstat, mkdir, readlink, realpath, symlink } from "node:fs/promises"
import { dirname, join, sep } from "node:path"
import { fault, FaultError } from "../../domain/fault.ts"
import type { Git } from "./git.ts"
import { entries } from "./git.ts"
import { exists } from "./lane.ts"
import { checkoutOf } from "./repository.ts"

const includeFile = ".worktreeinclude"
const filesMax = 20_000

/** Copies from the person's checkout into a new one. Returns the files copied. A bare repository has none. */
export async function copyIncluded(git: Git, repository: string, into: string, signal: AbortSignal): Promise<readonly string[]> {
  const from = await checkoutOf(git, repository)
  if (from === null || !(await exists(join(from, includeFile)))) return []
  const files = await included(git, from, signal)
  if (files.length > filesMax)
    throw new FaultError(
      fault(
        "include-limit",
        `${includeFile} names ${files.length} files`,
        `at most ${filesMax} are copied into every workspace`,
        "name fewer, and make the rest by the setup command",
      ),
    )
  const root = await realpath(into)
  for (const file of files) {
    signal.throwIfAborted()
    await copy(join(from, file), root, file)
  }
  return files
}

async function included(git: Git, from: string, signal: AbortSignal): Promise<string[]> {
  const named = await git.read(from, ["ls-files", "-z", "--others", "--ignored", `--exclude-from=${join(from, includeFile)}`], { signal })
  if (named === "") return []
  const ignored = await git.run(from, ["check-ignore", "-z", "--stdin"], { stdin: named, signal })
  return entries(ignored.stdout).filter((file) => !file.endsWith("/"))
}

async function copy(source: string, root: string, file: string): Promise<void> {
  const target = join(root, file)
  const folder = dirname(target)
  // A folder of the same name can be a link to somewhere else in the commit that the workspace starts from.
  if (!(await isInside(root, folder))) return
  await mkdir(folder, { recursive: true })
  if (
    await lstat(target).then(
      () => true,
      () => false,
    )
  )
    return
  const found = await lstat(source)
  if (found.isSymbolicLink()) await symlink(await readlink(source), target)
  else if (found.isFile()) await copyFile(source, target, constants.COPYFILE_FICLONE)
}

async function isInside(root: string, folder: string): Promise<boolean> {
  const real = await realpath(folder).catch(() => null)
  return real === null ? isInside(root, dirname(folder)) : real === root || real.startsWith(root + sep)
}
