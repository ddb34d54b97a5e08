/** The demo as a person starts it: `bin/fleet demo`, in an environment with nothing in it but what a fresh machine has. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, readdir, realpath, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { findMarked } from "../../src/runtime/marked.ts"

const program = fileURLToPath(new URL("../../bin/fleet", import.meta.url))

interface Shown {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** Processes and files of the demo that are still there. */
  readonly left: readonly string[]
}

/** `watch` is called with all that was printed so far, whenever there is more. */
async function demo(args: readonly string[], watch: (soFar: string, interrupt: () => void) => void = () => undefined): Promise<Shown> {
  const place = await realpath(await mkdtemp(path.join(tmpdir(), "d-")))
  // Everything that the demo starts inherits HOME: a mark that the demo itself does not know of.
  const env = { PATH: process.env["PATH"] ?? "", HOME: path.join(place, "person"), TMPDIR: place, LC_ALL: "C.UTF-8", GIT_CONFIG_GLOBAL: "/dev/null" }
  const child = spawn(program, ["demo", ...args], { env, cwd: place, stdio: ["ignore", "pipe", "pipe"] })
  let stdout = ""
  let stderr = ""
  const see = (): void => watch(stdout + stderr, () => void child.kill("SIGINT"))
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk
    see()
  })
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk
    see()
  })
  try {
    const [code] = (await once(child, "close")) as [number | null]
    const processes = (await findMarked("HOME", env.HOME)).map((found) => found.command)
    const directories = (await readdir(place)).filter((name) => name.startsWith("fleet-demo-"))
    // Compiled code is cached, as by every command; nothing else is the demo's to keep.
    const kept = (await readdir(env.HOME, { recursive: true })).filter((name) => !name.startsWith(".cache"))
    return { code, stdout, stderr, left: [...processes, ...directories, ...kept] }
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}

test("the demo shows all that a run can meet, lands everything, and leaves nothing behind", { timeout: 180_000 }, async () => {
  const { code, stdout, stderr, left } = await demo(["--headless"])
  expect(code, stdout + stderr).toBe(0)
  for (const claim of [
    "Everything landed.",
    "wall time",
    "sum of work",
    "speed-up",
    "lower bound",
    "9 of 9 tasks are on main",
    "both write src/api/auth.js and src/api",
    "cleanup wanted to run `rm -rf legacy` and asked: allowed by policy",
    "attempt 2 was told, and passed",
    "its author got it back and kept both",
    "docs hung and was ended",
    "Version 1.0.0, when all tests pass",
    "Looked for leftovers and found none: 0 processes, 0 worktrees, 0 branches",
    "Try it on your own repository: fleet run",
  ])
    expect(stdout).toContain(claim)
  expect(left).toEqual([])
})

test("a demo that is interrupted in the middle leaves nothing behind either, and its JSON says so", async () => {
  let told = false
  const { code, stdout, left } = await demo(["--json"], (soFar, interrupt) => {
    if (told || !soFar.includes('"status":"working"')) return
    told = true
    interrupt()
  })
  expect(code).toBe(130)
  expect(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({ type: "demo", ok: false, left: { processes: 0, worktrees: 0, branches: 0 } })
  expect(left).toEqual([])
})
