import { randomUUID } from "node:crypto"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { eventually } from "../../../test/eventually.ts"
import { FaultError } from "../../domain/fault.ts"
import type { CheckResult } from "../../domain/worker/job-result.ts"
import { Children } from "../../runtime/children.ts"
import { findMarked } from "../../runtime/marked.ts"
import { processFacts } from "../../runtime/processes.ts"
import { runChecks } from "./shell.ts"

const programs = new URL("../../../test/fixtures/programs/", import.meta.url).pathname

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "checks 'é\n"))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

interface Options {
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  readonly directory?: string
}

/** Runs the commands, and proves that no process that carries the test's own mark is left. */
async function check(commands: readonly string[], { timeoutMs = 30_000, signal = new AbortController().signal, directory = newDirectory() }: Options = {}) {
  await using children = new Children()
  const value = randomUUID()
  const environment = { PATH: process.env.PATH, NODE: process.execPath, PROGRAMS: programs, FLEET_TEST_CHECKS: value }
  try {
    return await runChecks({ commands, directory, environment, timeoutMs, children, signal })
  } finally {
    expect(await findMarked("FLEET_TEST_CHECKS", value)).toEqual([])
    expect(children.size).toBe(0)
  }
}

const only = (results: readonly CheckResult[]): CheckResult => {
  expect(results).toHaveLength(1)
  return results[0]!
}

test("commands run in the directory, in order, and stop at the first that fails", async () => {
  const directory = newDirectory()
  const results = await check(["echo one > made && echo first", "cat made; exit 3", "echo never > late"], { directory })
  expect(results).toMatchObject([
    { command: "echo one > made && echo first", passed: true, exitCode: 0, timedOut: false, output: "first\n" },
    { passed: false, exitCode: 3, timedOut: false, output: "one\n" },
  ])
  expect(existsSync(join(directory, "late"))).toBe(false)
})

test("a check sees CI=1, its mark, and an stdin that is closed", async () => {
  const { passed, output } = only(await check(['cat; echo "CI=$CI"; test -n "$FLEET_CHECK"']))
  expect({ passed, output }).toEqual({ passed: true, output: "CI=1\n" })
})

test("stdout and stderr are kept together, stripped of control sequences", async () => {
  const { output } = only(await check([String.raw`printf '\033[31mred\033[0m\n'; printf 'oops\n' >&2; exit 1`]))
  expect(output.split("\n").toSorted()).toEqual(["", "oops", "red"])
})

test("of a flood the last 8 KiB are kept, whole characters", async () => {
  const { output, passed } = only(await check(['i=0; while [ $i -lt 4000 ]; do echo "é line $i"; i=$((i+1)); done; echo the end']))
  expect(passed).toBe(true)
  expect(Buffer.byteLength(output)).toBeLessThanOrEqual(8_192)
  expect(Buffer.byteLength(output)).toBeGreaterThan(8_000)
  expect(output).toMatch(/line 3999\nthe end\n$/)
  expect(output).not.toContain("\ufffd")
})

test("a check that hangs is timed out, with everything that it started", async () => {
  const result = only(await check(["echo begun; $NODE $PROGRAMS/forks-grandchildren.mjs"], { timeoutMs: 700 }))
  expect(result).toMatchObject({ passed: false, exitCode: null, timedOut: true })
  expect(result.output).toMatch(/^begun\n/)
  expect(result.elapsedMs).toBeGreaterThanOrEqual(690)
})

test("a daemon that a check leaves behind is ended, and holds nobody up", async () => {
  const result = only(await check(["$NODE $PROGRAMS/leaves-a-daemon.mjs"]))
  expect(result.passed).toBe(true)
  expect(processFacts(Number(result.output.split(" ")[1]))).toBeNull()
})

test("a check that is ended by a signal has not passed", async () => {
  expect(only(await check(["kill -9 $$"]))).toMatchObject({ passed: false, exitCode: null, timedOut: false })
})

test("abort ends the running check and rejects with the reason", async () => {
  const stop = new AbortController()
  const directory = newDirectory()
  const running = check(["setsid sleep 600 & echo $! > begun; wait", "echo never > late"], { signal: stop.signal, directory })
  const settled = running.catch((error: unknown) => error)
  await eventually("the check runs", () => existsSync(join(directory, "begun")) && readFileSync(join(directory, "begun"), "utf8").endsWith("\n"))
  const reason = new Error("the task was cancelled")
  stop.abort(reason)
  expect(await settled).toBe(reason)
  expect(existsSync(join(directory, "late"))).toBe(false)
})

test("a directory that is not there is a fault, not a failed check", async () => {
  const error: unknown = await check(["true"], { directory: "/no/such/directory" }).catch((thrown: unknown) => thrown)
  expect(error instanceof FaultError && error.fault.code).toBe("check-not-started")
})

test("no commands, no results", async () => {
  expect(await check([])).toEqual([])
})
