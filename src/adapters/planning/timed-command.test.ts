import { mkdtempDisposable, readFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { Readable } from "node:stream"
import { expect, test } from "vitest"
import { findMarked } from "../../runtime/marked.ts"
import { runTimed, type TimedCommand, type TimedResult } from "./timed-command.ts"

const place = (): ReturnType<typeof mkdtempDisposable> => mkdtempDisposable(path.join(tmpdir(), "fleet-timed-"))

interface Ran extends TimedResult {
  readonly out: string
  readonly kept: Record<string, unknown>
}

async function run(argv: readonly [string, ...string[]], timeoutSec: number, more: Partial<TimedCommand> = {}): Promise<Ran> {
  await using root = await place()
  let out = ""
  const say = (text: string): void => void (out += text)
  const env = { PATH: process.env["PATH"] }
  const result = await runTimed({ root: root.path, argv, env, timeoutSec, out: say, err: say, now: Date.now, ...more })
  const kept = JSON.parse(await readFile(path.join(root.path, ".planning/telemetry/last-command-result.json"), "utf8")) as Record<string, unknown>
  expect(await findMarked("FLEET_TIMED_COMMAND")).toEqual([])
  return { ...result, out, kept }
}

test("a command that is done in time passes its exit code and its output on", async () => {
  const ran = await run(["sh", "-c", "echo out; echo err >&2; exit 3"], 60)
  expect(ran).toMatchObject({ exitCode: 3, how: "exited", failure: null })
  expect(ran.out).toContain("out\n")
  expect(ran.out).toContain("err\n")
  expect(ran.kept).toMatchObject({ command: "sh -c echo out; echo err >&2; exit 3", exitCode: 3, timedOut: false, timeoutLimit: 60 })
  expect(Object.keys(ran.kept)).toEqual(["command", "exitCode", "timedOut", "durationSec", "durationMs", "output", "timestamp", "timeoutLimit"])
})

test("over time: 124, and neither the grandchildren nor what left the group live on", async () => {
  const beganAt = performance.now()
  const ran = await run(["sh", "-c", "setsid sleep 600 & sleep 600 & trap '' TERM; echo begun; sleep 600; echo late"], 1)
  expect(performance.now() - beganAt).toBeLessThan(10_000)
  expect(ran).toMatchObject({ exitCode: 124, how: "timed-out", out: "begun\n" })
  expect(ran.kept).toMatchObject({ exitCode: null, timedOut: true, timeoutLimit: 1, output: "begun\n" })
})

test("of the output the last 500 characters are kept", async () => {
  const { kept } = await run(["sh", "-c", "i=0; while [ $i -lt 500 ]; do echo line $i; i=$((i+1)); done"], 60)
  expect(kept["output"]).toHaveLength(500)
  expect(kept["output"]).toMatch(/line 499\n$/)
})

test("what a command leaves running is ended with it", async () => {
  expect(await run(["sh", "-c", "sleep 600 & echo done"], 60)).toMatchObject({ exitCode: 0, how: "exited", out: "done\n" })
})

test("a signal is told as a shell tells it, and a program that is not there by its name", async () => {
  expect(await run(["sh", "-c", "kill -KILL $$"], 60)).toMatchObject({ exitCode: 137 })
  const ran = await run(["no-such-program-here"], 60)
  expect(ran).toMatchObject({ exitCode: 1, how: "not-started" })
  expect(ran.kept["error"]).toContain("no-such-program-here")
})

test("it hears what it is given, and ends when nobody waits any more", async () => {
  expect((await run(["cat"], 60, { input: Readable.from(["hello"]) })).out).toBe("hello")
  const stopping = new AbortController()
  const ran = run(["sh", "-c", "echo begun; sleep 600"], 600, { signal: stopping.signal, out: () => stopping.abort() })
  expect(await ran).toMatchObject({ exitCode: 130, how: "aborted" })
})
