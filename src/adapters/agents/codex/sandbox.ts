/**
 * What a session tells codex of its sandbox and environment.
 *
 * Without a mode, codex runs without a sandbox of its own ("danger-full-access"): its `workspace-write` cannot commit in a linked worktree, and lets no
 * tool reach the network, so the plainest tasks (commit, install) fail in it. What guards instead is the approval of each command ("untrusted"), when Fleet is to ask.
 * Who wants codex's sandbox sets the agent's mode to `workspace-write` or `read-only`; then the repository's git directories are made writable too.
 */
import { readFile } from "node:fs/promises"
import path from "node:path"
import { ownEnvironment } from "../environment.ts"
import type { DriverOptions } from "../options.ts"
import type { OpenRequest } from "../../../worker/ports/agent.ts"

export async function threadSettings(
  request: OpenRequest,
  options: DriverOptions,
  processEnvironment: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const { entry, permissions } = options
  const sandbox = entry.mode ?? "danger-full-access"
  const model = request.model ?? entry.model
  const config: Record<string, unknown> = environmentSettings({ ...request.environment, ...entry.env }, processEnvironment)
  if (sandbox === "workspace-write") config["sandbox_workspace_write.writable_roots"] = await gitDirectories(request.directory)
  return { cwd: request.directory, approvalPolicy: permissions === "ask" ? "untrusted" : "never", sandbox, config, ...(model === null ? {} : { model }) }
}

/** The process is shared: what is this session's alone reaches its tool shells by its thread's settings. */
function environmentSettings(environment: Readonly<Record<string, string>>, shared: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(ownEnvironment(environment, shared)).map(([name, value]) => [`shell_environment_policy.set.${name}`, value]))
}

/** A linked worktree's own git directory and the repository's; none for a checkout that holds its `.git`. */
export async function gitDirectories(directory: string): Promise<string[]> {
  const pointer = await readFile(path.join(directory, ".git"), "utf8").catch(() => "")
  const own = /^gitdir: (.+)$/m.exec(pointer)?.[1]
  if (own === undefined) return []
  const gitDirectory = path.resolve(directory, own)
  const common = await readFile(path.join(gitDirectory, "commondir"), "utf8").catch(() => null)
  return common === null ? [gitDirectory] : [gitDirectory, path.resolve(gitDirectory, common.trim())]
}
