/** Marks a workspace with the instance that works in it: `.fleet-instance-id` (C.1.86). Git is told to leave the file out, in its own folder and nowhere else. */
import { execFile } from "node:child_process"
import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises"
import path from "node:path"
import { promisify } from "node:util"
import type { Environment } from "./instance-worktrees.ts"

const run = promisify(execFile)
const name = ".fleet-instance-id"
const gitMs = 20_000

export async function markWorkspace(workspace: string, instanceId: string, environment: Environment): Promise<void> {
  await leaveOut(workspace, environment)
  await writeFile(path.join(workspace, name), `${instanceId}\n`)
}

export const unmarkWorkspace = (workspace: string): Promise<void> => rm(path.join(workspace, name), { force: true })

/** All checkouts of a repository share the file, so it is done once. */
async function leaveOut(workspace: string, environment: Environment): Promise<void> {
  const env = Object.fromEntries(Object.entries(environment).filter(([key]) => !key.startsWith("GIT_")))
  const { stdout } = await run("git", ["-C", workspace, "rev-parse", "--path-format=absolute", "--git-path", "info/exclude"], { env, timeout: gitMs })
  const file = stdout.trimEnd()
  const text = await readFile(file, "utf8").catch(() => "")
  if (text.split("\n").includes(`/${name}`)) return
  await mkdir(path.dirname(file), { recursive: true })
  await appendFile(file, `${text === "" || text.endsWith("\n") ? "" : "\n"}/${name}\n`)
}
