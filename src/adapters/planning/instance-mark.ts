/** Marks a workspace with the instance that works in it: `.fleet-instance-id` (C.1.86). Git is told to leave the file out, in its own folder and nowhere else. */
import { execFile } from "node:child_process"
import { appendFile, mkdir, rm, writeFile } from "node:fs/promises"
import path from "node:path"
import { promisify } from "node:util"
import { fault, FaultError, type Fault } from "../../domain/fault.ts"
import { readPlain } from "../../runtime/plain-file.ts"
import type { Environment } from "./instance-worktrees.ts"

const run = promisify(execFile)
const name = ".fleet-instance-id"
const gitMs = 20_000
const excludeBytesMax = 16 * 1024 * 1024

export async function markWorkspace(workspace: string, instanceId: string, environment: Environment): Promise<void> {
  await leaveOut(workspace, environment)
  await unmarkWorkspace(workspace)
  // Never through a symlink that a repository or an agent left in its place: what it leads to is a person's.
  await writeFile(path.join(workspace, name), `${instanceId}\n`, { flag: "wx" })
}

export const unmarkWorkspace = (workspace: string): Promise<void> => rm(path.join(workspace, name), { force: true })

/** All checkouts of a repository share the file, so it is done once. It is the person's, who may have made it a symlink. */
async function leaveOut(workspace: string, environment: Environment): Promise<void> {
  const env = Object.fromEntries(Object.entries(environment).filter(([key]) => !key.startsWith("GIT_")))
  const { stdout } = await run("git", ["-C", workspace, "rev-parse", "--path-format=absolute", "--git-path", "info/exclude"], { env, timeout: gitMs })
  const file = stdout.trimEnd()
  const found = await readPlain(file, excludeBytesMax, "followed")
  if (found?.ok === false) throw new FaultError(unusable(file, found.why))
  const text = found?.text ?? ""
  if (text.split("\n").includes(`/${name}`)) return
  await mkdir(path.dirname(file), { recursive: true })
  await appendFile(file, `${text === "" || text.endsWith("\n") ? "" : "\n"}/${name}\n`)
}

const unusable = (file: string, why: string): Fault =>
  fault("exclude-unusable", `git cannot be told in ${file} to leave ${name} out`, why, "see that it is a small file that you may read")
