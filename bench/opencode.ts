/** opencode by shared servers against one process for each session: memory of the whole process tree, and the time until eight sessions have done a small task. The model is scripted. */
import { execFile } from "node:child_process"
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { promisify } from "node:util"
import { realAgent } from "../scripts/real-agents.ts"
import { openAcpDriver } from "../src/adapters/agents/acp.ts"
import { openOpencode, removeTemplate } from "../test/real/opencode-server.ts"
import { findMarked } from "../src/runtime/marked.ts"
import type { AgentSession, SessionListener } from "../src/worker/ports/agent.ts"
import type { Row } from "./row.ts"

const many = 8
const mark = "OPENCODE_BENCH"
const run = promisify(execFile)

interface Measured {
  readonly readyMs: number
  readonly doneMs: number
  readonly peakMb: number
  readonly restMb: number
  /** Null where it was not measured. */
  readonly furtherOpenedMb: number | null
  readonly furtherWorkedMb: number | null
}

export async function benchOpencode(): Promise<Row[]> {
  const opencode = realAgent("opencode")
  if ("missing" in opencode) return [{ name: "opencode", value: opencode.missing, target: "-", ok: null }]
  try {
    const pooled = await measure("pooled", opencode.argv0)
    const each = await measure("each", opencode.argv0)
    return rows(pooled, each)
  } finally {
    await removeTemplate()
  }
}

function rows(pooled: Measured, each: Measured): Row[] {
  const words = (of: Measured): string =>
    `${seconds(of.doneMs)} (open after ${seconds(of.readyMs)}), at most ${of.peakMb} MB, at rest ${of.restMb} MB or ${Math.round(of.restMb / many)} MB a session`
  const perSession = (mb: number | null): string => (mb === null ? "-" : `${mb.toFixed(1)} MB each (${many} more)`)
  return [
    { name: `opencode: ${many} sessions on a shared server: create and finish`, value: words(pooled), target: "-", ok: null },
    { name: `opencode: ${many} sessions in ${many} processes (opencode-acp)`, value: words(each), target: "-", ok: null },
    {
      name: "  shared against separate",
      value: `${(each.doneMs / pooled.doneMs).toFixed(1)} times as fast, ${(each.restMb / pooled.restMb).toFixed(1)} times as small`,
      target: "> 1",
      ok: each.doneMs > pooled.doneMs && each.restMb > pooled.restMb,
    },
    further("  a further session that was only opened", pooled.furtherOpenedMb, perSession),
    further("  a further session that did a turn and rests", pooled.furtherWorkedMb, perSession),
  ]
}

const further = (name: string, mb: number | null, words: (mb: number | null) => string): Row => ({
  name,
  value: words(mb),
  target: "<= 10 MB",
  ok: mb === null ? null : mb <= 10,
})

async function measure(how: "pooled" | "each", argv0: string): Promise<Measured> {
  const root = await mkdtemp(path.join(tmpdir(), "fleet-bench-"))
  const value = path.basename(root)
  const tested = await openOpencode(how === "pooled" ? {} : { entry: { name: "opencode-acp", driver: "acp", argv: [argv0, "acp"] }, open: openAcpDriver })
  try {
    const directories = await worktrees(root, how === "pooled" ? many * 3 : many)
    const open = (directory: string): Promise<AgentSession> =>
      tested.driver.open(
        {
          session: path.basename(directory),
          directory,
          model: null,
          effort: null,
          resume: null,
          environment: { ...tested.environment, FLEET_SESSION: path.basename(directory), [mark]: value },
        },
        silent,
        AbortSignal.timeout(300_000),
      )
    let peakMb = 0
    const looking = setInterval(() => void megabytes(value).then((mb) => (peakMb = Math.max(peakMb, mb))), 500)
    const from = performance.now()
    const first = await Promise.all(directories.slice(0, many).map(open))
    const readyMs = performance.now() - from
    await work(first)
    const doneMs = performance.now() - from
    clearInterval(looking)
    const restMb = await settled(value)
    if (how === "each") return { readyMs, doneMs, peakMb: Math.max(peakMb, restMb), restMb, furtherOpenedMb: null, furtherWorkedMb: null }
    await Promise.all(directories.slice(many, many * 2).map(open))
    const openedMb = await settled(value)
    await work(await Promise.all(directories.slice(many * 2).map(open)))
    const workedMb = await settled(value)
    const furtherOpenedMb = (openedMb - restMb) / many
    return { readyMs, doneMs, peakMb: Math.max(peakMb, restMb), restMb, furtherOpenedMb, furtherWorkedMb: (workedMb - openedMb) / many }
  } finally {
    await tested.driver[Symbol.asyncDispose]()
    await tested.cleanup()
    await rm(root, { recursive: true, force: true, maxRetries: 3 })
  }
}

async function work(sessions: readonly AgentSession[]): Promise<void> {
  const outcomes = await Promise.all(
    sessions.map((session) => session.prompt('[[write path="foo.txt" text="x"]] [[commit message="add foo"]] [[say "Done."]]')),
  )
  const bad = outcomes.find((outcome) => outcome.how !== "completed")
  if (bad !== undefined) throw new Error(`a turn did not complete: ${JSON.stringify(bad)}`)
}

async function worktrees(root: string, count: number): Promise<string[]> {
  const repository = path.join(root, "repository")
  await mkdir(repository)
  const env = { PATH: process.env["PATH"], HOME: root, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" }
  const git = (...args: string[]): Promise<unknown> => run("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], { cwd: repository, env })
  await git("init", "-q", "-b", "main")
  await git("config", "user.name", "a")
  await git("config", "user.email", "a@example.com")
  await git("commit", "-q", "--allow-empty", "-m", "start")
  const made: string[] = []
  for (let n = 0; n < count; n++) {
    const directory = path.join(root, `w${n}`)
    await git("worktree", "add", "-q", "-b", `w${n}`, directory)
    made.push(directory)
  }
  return made
}

/** When it no longer shrinks: what a turn needed is given back only after a while. */
async function settled(value: string): Promise<number> {
  let lowest = await megabytes(value)
  for (let quiet = 0; quiet < 4;) {
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    const now = await megabytes(value)
    quiet = now < lowest ? 0 : quiet + 1
    lowest = Math.min(lowest, now)
  }
  return lowest
}

/** Of all processes with the mark: private pages, and their share of those that are shared. */
async function megabytes(value: string): Promise<number> {
  const found = await findMarked(mark, value)
  const kilobytes = await Promise.all(
    found.map(async ({ pid }) => Number(/^Pss:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => ""))?.[1] ?? 0)),
  )
  return Math.round(kilobytes.reduce((sum, kb) => sum + kb, 0) / 1024)
}

const nothing = (): void => undefined
const silent: SessionListener = { started: nothing, said: nothing, asked: nothing, withdrawn: nothing, used: nothing, died: nothing }
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`
