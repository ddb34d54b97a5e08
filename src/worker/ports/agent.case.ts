/** One conformance test's surroundings: a repository with worktrees, a driver, and what its sessions said. Ends clean, or the test fails. */
import { execFile } from "node:child_process"
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { promisify } from "node:util"
import { expect } from "vitest"
import type { PermissionRequest, Usage } from "../../domain/session/turn.ts"
import { findMarked } from "../../runtime/marked.ts"
import type { AgentDriver, AgentSession, SessionChunk, SessionListener } from "./agent.ts"

export interface AgentUnderTest {
  readonly driver: AgentDriver
  /** What the agent needs: `PATH`, `HOME`, keys. Marks are added. */
  readonly environment: Readonly<Record<string, string>>
  cleanup(): Promise<void>
}

export type Heard =
  | { readonly type: "started" }
  | { readonly type: "said"; readonly chunk: SessionChunk }
  | { readonly type: "asked"; readonly request: PermissionRequest }
  | { readonly type: "withdrawn"; readonly permission: string }
  | { readonly type: "used"; readonly usage: Usage }
  | { readonly type: "died"; readonly message: string }
  /** Pushed by a test, to see what came before. */
  | { readonly type: "ended" }

export interface CaseSession {
  readonly id: string
  readonly session: AgentSession
  readonly heard: Heard[]
  readonly waiting: { started(): Promise<void>; asked(): Promise<PermissionRequest>; died(): Promise<void> }
}

export interface AgentCase extends AsyncDisposable {
  readonly driver: AgentDriver
  /** Opens a session in the worktree of that name. */
  session(
    name: string,
    how?: { readonly resume?: string | null; readonly effort?: string; readonly model?: string; readonly signal?: AbortSignal },
  ): Promise<CaseSession>
  /** Names of the programs that live and were started by this test's driver, however indirectly. */
  commands(): Promise<string[]>
  /** SIGKILL to all of them, as from outside: nothing may clean up. */
  kill(): Promise<void>
  /** Git in the worktree "one". */
  git(...args: string[]): Promise<string>
  /** A file of a worktree, null when there is none. */
  file(name: string, worktree?: string): Promise<string | null>
  /** Into a file of the worktree "one". */
  write(name: string, text: string): Promise<void>
}

const run = promisify(execFile)
const endedMs = 10_000
/** In the environment of everything a test starts; no `FLEET_` name, since a shared process gets none of a session's own. */
const caseMark = "AGENT_CASE"

export async function agentCase(open: () => Promise<AgentUnderTest>): Promise<AgentCase> {
  const root = await mkdtemp(path.join(tmpdir(), "fleet agent-"))
  const prefix = path.basename(root).replaceAll(" ", "-")
  const worktrees = await makeWorktrees(root, ["one", "two"])
  const tested = await open()
  const sessions: AgentSession[] = []
  const idOf = (name: string): string => `${prefix}.${name}.1`
  const directoryOf = (name: string): string => worktrees.get(name) ?? path.join(root, name)
  return {
    driver: tested.driver,
    async session(name, how = {}) {
      const { listener, heard, waiting } = recorder()
      const environment = { ...tested.environment, ...identity, FLEET_SESSION: idOf(name), [caseMark]: prefix }
      const { model = null, effort = null, resume = null } = how
      const request = { session: idOf(name), directory: directoryOf(name), model, effort, resume, environment }
      const session = await tested.driver.open(request, listener, how.signal ?? new AbortController().signal)
      sessions.push(session)
      return { id: idOf(name), session, heard, waiting }
    },
    commands: async () => (await findMarked(caseMark, prefix)).map((found) => found.command),
    async kill() {
      const found = await findMarked(caseMark, prefix)
      expect(found.length).toBeGreaterThan(0)
      for (const { pid } of found) process.kill(pid, "SIGKILL")
    },
    git: async (...args) => (await run("git", args, { cwd: directoryOf("one"), env: gitEnvironment() })).stdout,
    file: (name, worktree = "one") => readFile(path.join(directoryOf(worktree), name), "utf8").catch(() => null),
    write: (name, text) => writeFile(path.join(directoryOf("one"), name), text),
    async [Symbol.asyncDispose]() {
      await Promise.all(sessions.map((session) => session.close()))
      await tested.driver[Symbol.asyncDispose]()
      await expect.poll(async () => (await findMarked(caseMark, prefix)).map((found) => found.command), { timeout: endedMs }).toEqual([])
      await tested.cleanup()
      await rm(root, { recursive: true, force: true })
    },
  }
}

export function textOf(heard: readonly Heard[]): string {
  return heard.map((event) => (event.type === "said" && event.chunk.type === "text" ? event.chunk.text : "")).join("")
}

export function notesOf(heard: readonly Heard[]): string[] {
  return heard.flatMap((event) => (event.type === "said" && event.chunk.type === "note" ? [event.chunk.text] : []))
}

const identity = { GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@example.com", GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a@example.com" }

function gitEnvironment(): Record<string, string | undefined> {
  return { PATH: process.env["PATH"], HOME: tmpdir(), GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", ...identity }
}

async function makeWorktrees(root: string, names: readonly string[]): Promise<Map<string, string>> {
  const repository = path.join(root, "repository")
  await mkdir(repository)
  const git = (...args: string[]): Promise<unknown> => run("git", args, { cwd: repository, env: gitEnvironment() })
  await git("init", "-q", "-b", "main")
  await git("commit", "-q", "--allow-empty", "-m", "start")
  const made = new Map<string, string>()
  for (const name of names) {
    const directory = path.join(root, name)
    await git("worktree", "add", "-q", "-b", `work/${name}`, directory)
    made.set(name, directory)
  }
  return made
}

function recorder(): { listener: SessionListener; heard: Heard[]; waiting: CaseSession["waiting"] } {
  const heard: Heard[] = []
  const started = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<PermissionRequest>()
  const died = Promise.withResolvers<void>()
  const listener: SessionListener = {
    started: () => {
      heard.push({ type: "started" })
      started.resolve()
    },
    said: (chunk) => void heard.push({ type: "said", chunk }),
    asked: (request) => {
      heard.push({ type: "asked", request })
      asked.resolve(request)
    },
    withdrawn: (permission) => void heard.push({ type: "withdrawn", permission }),
    used: (usage) => void heard.push({ type: "used", usage }),
    died: (message) => {
      heard.push({ type: "died", message })
      died.resolve()
    },
  }
  const waiting = { started: () => started.promise, asked: () => asked.promise, died: () => died.promise }
  return { listener, heard, waiting }
}
