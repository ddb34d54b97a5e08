import { randomUUID } from "node:crypto"
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { eventually } from "../../../test/eventually.ts"
import { gitIn, repository } from "../../../test/repository.ts"
import type { HealthFindings } from "../../domain/health/health.ts"
import { findMarked } from "../../runtime/marked.ts"
import type { OwnCommands } from "./detect.ts"
import { openHealth } from "./health.ts"

interface Options {
  readonly commands?: Partial<OwnCommands>
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  readonly programs?: string
  readonly told?: (step: string) => void
}

/** Diagnoses, and proves that nothing that was started is left. */
async function diagnose(
  root: string,
  { commands = {}, timeoutMs = 60_000, signal = new AbortController().signal, programs, told = () => undefined }: Options = {},
): Promise<HealthFindings> {
  const value = randomUUID()
  const home = await temporary("home")
  const PATH = programs === undefined ? process.env.PATH : `${programs}:${process.env.PATH}`
  // A registry where nobody answers, so that no test depends on the network.
  const environment = {
    PATH,
    HOME: home,
    GIT_DIR: "/nowhere",
    FLEET_TEST_HEALTH: value,
    npm_config_registry: "http://127.0.0.1:9/",
    npm_config_fetch_retries: "0",
    npm_config_update_notifier: "false",
  }
  const configured = async () => ({ commands: { typecheck: null, test: null, lint: null, ...commands }, notice: null })
  try {
    return await openHealth({ environment, now: () => Date.now(), configured, timeoutMs }).diagnose(root, signal, told)
  } finally {
    expect(await findMarked("FLEET_TEST_HEALTH", value)).toEqual([])
  }
}

async function temporary(name: string): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), `fleet-health-${name}-`))
  onTestFinished(() => rm(directory, { recursive: true, force: true, maxRetries: 3 }))
  return directory
}

/** A directory with a program of that name, for the front of PATH. */
async function program(name: string, script: string): Promise<string> {
  const directory = await temporary("programs")
  await writeFile(path.join(directory, name), `#!/bin/sh\n${script}\n`)
  await chmod(path.join(directory, name), 0o755)
  return directory
}

test("a failing test is a problem with its evidence and its files; a linter that is missing, and packages without a network, are unknown", async () => {
  const scripts = { test: "node check.mjs", lint: "no-such-linter-anywhere ." }
  await using repo = await repository({
    "package.json": JSON.stringify({ name: "x", version: "1.0.0", scripts }),
    "package-lock.json": JSON.stringify({
      name: "x",
      version: "1.0.0",
      lockfileVersion: 3,
      packages: { "": { name: "x", version: "1.0.0", dependencies: { "left-pad": "1.0.0" } }, "node_modules/left-pad": { version: "1.0.0" } },
    }),
    "check.mjs": 'console.log("\\x1b[31mFAIL\\x1b[0m src/sum/sum.test.js: 1 is not 2"); process.exit(1)',
    "src/sum/sum.test.js": "",
  })
  const steps: string[] = []
  const found = await diagnose(repo.path, { told: (step) => steps.push(step) })
  expect(found.tests).toMatchObject({ status: "problem", why: "it failed with exit code 1", command: "npm test" })
  expect(found.tests.evidence).toContain("FAIL src/sum/sum.test.js: 1 is not 2")
  expect(found.tests.files).toContain("src/sum/sum.test.js")
  expect(found.lint).toMatchObject({ status: "unknown", why: "its program is not installed here, or may not be started" })
  expect(found.typecheck).toMatchObject({ status: "unknown", why: "no command for types was found", command: null })
  expect(found.audit.status).toBe("unknown")
  expect(found.audit.why).toMatch(/^it gave no answer/)
  expect(found.notices).toEqual([])
  expect(steps).toEqual(["tests: npm test", "lint: npm run lint", "known vulnerabilities", "TODOs and branches"])
  expect(await repo.git("status", "--porcelain")).toBe("")
})

test("a command that hangs is ended with all that it started, and what it would have said is unknown", async () => {
  await using repo = await repository({ "a.txt": "a\n" })
  const { tests } = await diagnose(repo.path, { commands: { test: "echo begun; setsid sleep 600 & sleep 600" }, timeoutMs: 700 })
  expect(tests).toMatchObject({ status: "unknown", timedOut: true, evidence: "begun\n", why: "it did not end within 0.7 s and was ended" })
})

test("a command that changes a tracked file is told, also one that was changed already", async () => {
  await using repo = await repository({ "a.txt": "a\n", "b.txt": "b\n" })
  await repo.write("b.txt", "mine\n")
  const { notices, lint } = await diagnose(repo.path, { commands: { lint: "echo more >> a.txt; echo more >> b.txt; echo new > untracked", typecheck: "true" } })
  expect(lint.status).toBe("ok")
  expect(notices).toEqual(["`echo more >> a.txt; echo more >> b.txt; echo new > untracked` changed tracked files, or somebody did meanwhile: a.txt, b.txt"])
})

test("what the package manager reports becomes a finding", async () => {
  await using repo = await repository({ "package.json": "{}", "package-lock.json": "{}" })
  const answer = JSON.stringify({ vulnerabilities: { ws: { severity: "high" } }, metadata: { vulnerabilities: { low: 0, moderate: 0, high: 1, critical: 0 } } })
  const { audit } = await diagnose(repo.path, { programs: await program("npm", `echo '${answer}'; echo noise >&2; exit 1`) })
  expect(audit).toMatchObject({ status: "problem", why: "1 high vulnerability", packages: [{ name: "ws", severity: "high" }] })
})

test("directories with many TODOs are found by their density, but not those of others", async () => {
  const todo = (count: number): string => Array.from({ length: count }, (_, at) => `// TODO: ${at}\n`).join("")
  await using repo = await repository({
    "src/dense/deep/a.js": todo(8),
    "src/thin/b.js": todo(6) + "x\n".repeat(5_000),
    "src/few/c.js": `${todo(2)}const TODOS = 1\n`,
    "vendor/d.js": todo(50),
  })
  const { todos } = await diagnose(repo.path)
  expect(todos).toMatchObject({ status: "problem", total: 16, directories: [{ directory: "src/dense", count: 8, perThousandLines: 1_000 }] })
})

test("merged and old branches are stale; new ones, those in use and rivals that were kept are not", async () => {
  await using repo = await repository({ "a.txt": "a\n" })
  const branch = async (name: string, date: string): Promise<void> => {
    await repo.git("checkout", "-q", "-b", name, "main")
    await repo.write(`${name.replaceAll("/", "-")}.txt`, name)
    await repo.git("add", "-A")
    await repo.git("-c", "user.name=P", "-c", "user.email=p@example.com", "commit", "-q", "-m", name)
    if (date !== "now") await gitIn(repo.path, "-c", "user.name=P", "update-ref", `refs/heads/${name}`, await dated(repo, date))
    await repo.git("checkout", "-q", "main")
  }
  await branch("merged", "now")
  await repo.git("merge", "-q", "--no-ff", "-m", "merge", "merged")
  await branch("old", "2001-01-01T00:00:00Z")
  await branch("speculative/auth/class-based", "2001-01-01T00:00:00Z")
  await branch("fresh", "now")
  await repo.git("branch", "begun")
  const { staleBranches } = await diagnose(repo.path)
  expect(staleBranches.status).toBe("problem")
  expect(staleBranches.branches.map(({ name, reason }) => [name, reason])).toEqual([
    ["old", "old"],
    ["merged", "merged"],
  ])
})

/** The commit that is checked out, made again with that date. */
async function dated(repo: { git: (...args: string[]) => Promise<string>; path: string }, date: string): Promise<string> {
  const body = (await repo.git("cat-file", "commit", "HEAD")).replace(/^(committer .*> )\d+/m, (_, who: string) => `${who}${Date.parse(date) / 1_000}`)
  const file = path.join(repo.path, ".git", "dated")
  await writeFile(file, `${body}\n`)
  return repo.git("hash-object", "-t", "commit", "-w", file)
}

test("a directory that is no repository still has its commands; what needs git is unknown", async () => {
  const root = await temporary("plain")
  const found = await diagnose(root, { commands: { test: "true" } })
  expect([found.tests.status, found.todos.status, found.staleBranches.status, found.audit.status]).toEqual(["ok", "unknown", "unknown", "unknown"])
})

test("abort ends what runs and rejects with the reason", async () => {
  await using repo = await repository({ "a.txt": "a\n" })
  const stop = new AbortController()
  const running = diagnose(repo.path, { commands: { test: "setsid sleep 600 & touch begun; wait" }, signal: stop.signal }).catch((error: unknown) => error)
  await eventually("the command runs", async () => (await repo.git("ls-files", "--others")).includes("begun"))
  const reason = new Error("the person went away")
  stop.abort(reason)
  expect(await running).toBe(reason)
})
