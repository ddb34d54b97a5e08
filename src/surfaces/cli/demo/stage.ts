/** Where the demo plays: a temporary directory with a repository and a Fleet home of its own, and what sees that nothing of it is left. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { authoredBy, Git } from "../../../adapters/workspaces/git.ts"
import { Children } from "../../../runtime/children.ts"
import { endMarked, findMarked } from "../../../runtime/marked.ts"
import type { CliContext } from "../context.ts"
import { stopHub } from "../stop-hub.ts"
import { asksFor } from "./plan.ts"
import { firstFiles } from "./project.ts"

export interface Stage {
  readonly directory: string
  readonly repository: string
  /** The person's own, but for the home, the configuration and the environment. */
  readonly context: CliContext
}
/** What was looked for at the end. All zero when the demo has cleaned up. */
export interface Left {
  readonly processes: number
  readonly worktrees: number
  readonly branches: number
}

export const slots = 6
const socketBytesMax = 100
const tidyLimitMs = 10_000
const endLimitMs = 10_000
const lookAgainMs = 50
const graceMs = 1_000
const author = { name: "You", email: "you@example.com" }

/** `made` is called as soon as the directory is there, so that it is removed whatever follows. */
export async function setStage(outer: CliContext, attended: boolean, made: (stage: Stage) => void): Promise<Stage> {
  const directory = await realpath(await mkdtemp(path.join(shortTemporary(), "fleet-demo-")))
  const home = path.join(directory, "home")
  const repository = path.join(directory, "todo-service")
  const config = path.join(directory, "config.yaml")
  const stage = { directory, repository, context: { ...outer, home, config, homeId: outer.homeIdOf(home), env: environment(outer, home, config) } }
  made(stage)
  await mkdir(home, { mode: 0o700 })
  await writeFile(config, configText(attended))
  await makeRepository(stage)
  return stage
}

/** The home's sockets must fit into what the kernel allows for the path of one. */
function shortTemporary(): string {
  const long = Buffer.byteLength(path.join(tmpdir(), "fleet-demo-123456", "home", "worker.sock")) > socketBytesMax
  return long ? "/tmp" : tmpdir()
}

/** Nothing of a session, a home or a port that this shell may know of: the demo has its own. */
function environment({ env }: CliContext, home: string, config: string): CliContext["env"] {
  const others = Object.entries(env).filter(([name]) => !name.startsWith("FLEET_"))
  return { ...Object.fromEntries(others), FLEET_HOME: home, FLEET_CONFIG: config, FLEET_PORT: "0" }
}

/** With a person there, the command is asked; without one, the same rule allows it. */
function configText(attended: boolean): string {
  return [
    `defaults: { agent: scripted, slots: ${slots} }`,
    "permissions:",
    `  - { kind: run, match: "${asksFor}", action: ${attended ? "ask" : "allow"} }`,
    "",
  ].join("\n")
}

async function makeRepository({ repository, context }: Stage): Promise<void> {
  for (const [file, text] of Object.entries(firstFiles)) {
    const place = path.join(repository, file)
    await mkdir(path.dirname(place), { recursive: true })
    await writeFile(place, text)
  }
  await using children = new Children()
  const git = new Git(children, context.env)
  const run = (...args: string[]): Promise<string> => git.read(repository, args, { environment: authoredBy(author) })
  await run("init", "-q", "-b", "main")
  // What the person has configured for all repositories must not reach the agents' commits: signing would ask for a passphrase.
  const settings = { "user.name": author.name, "user.email": author.email, "commit.gpgSign": "false", "core.hooksPath": "/dev/null", "core.autocrlf": "false" }
  for (const [name, value] of Object.entries(settings)) await run("config", name, value)
  await run("add", "-A")
  await run("commit", "-q", "-m", "Begin with a prototype")
}

export async function gitLog({ repository, context }: Stage): Promise<string[]> {
  await using children = new Children()
  const text = await new Git(children, context.env).read(repository, ["log", "--first-parent", "--format=%h %s", "main"])
  return text.trimEnd().split("\n")
}

/** Ends hub, worker and agents. Workspaces are given back after a run's end, so they get a moment. */
export async function end(stage: Stage, settled: boolean): Promise<void> {
  if (settled) await until(tidyLimitMs, async () => (await worktreesOf(stage)).every((count) => count === 0))
  await stopHub(stage.context, true)
  await until(endLimitMs, async () => (await processesOf(stage)) === 0)
  for (const mark of marksOf(stage)) await endMarked({ ...mark, graceMs })
}

/** What is there now. */
export async function look(stage: Stage): Promise<Left> {
  const [worktrees, branches] = await worktreesOf(stage)
  return { processes: await processesOf(stage), worktrees, branches }
}

export async function remove(stage: Stage): Promise<void> {
  await rm(stage.directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
}

/** The worker marks what it starts; hub and worker themselves carry the home that they were started for. */
const marksOf = ({ context }: Stage): readonly { name: string; value: string }[] => [
  { name: "FLEET_HOME_ID", value: context.homeId },
  { name: "FLEET_HOME", value: context.home },
]

async function processesOf(stage: Stage): Promise<number> {
  const found = await Promise.all(marksOf(stage).map(({ name, value }) => findMarked(name, value)))
  return new Set(found.flat().map((process) => process.pid)).size
}

/** Worktrees beside the checkout itself, and branches and refs of Fleet's. A repository that was never made has neither. */
async function worktreesOf({ repository, context }: Stage): Promise<readonly [worktrees: number, branches: number]> {
  await using children = new Children()
  const git = new Git(children, context.env)
  const count = async (...args: string[]): Promise<number> => ((await git.ask(repository, args)) ?? "").split("\n").filter((line) => line !== "").length
  const worktrees = ((await git.ask(repository, ["worktree", "list", "--porcelain"]).catch(() => null)) ?? "")
    .split("\n")
    .filter((line) => line.startsWith("worktree "))
  if (worktrees.length === 0) return [0, 0]
  return [worktrees.length - 1, await count("for-each-ref", "--format=%(refname)", "refs/heads/fleet", "refs/fleet")]
}

async function until(limitMs: number, holds: () => Promise<boolean>): Promise<void> {
  const limitAt = performance.now() + limitMs
  while (performance.now() < limitAt && !(await holds())) await delay(lookAgainMs)
}
