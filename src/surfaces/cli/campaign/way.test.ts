import { mkdir, mkdtempDisposable, readFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { PassThrough } from "node:stream"
import { expect, test } from "vitest"
import type { CliContext } from "../context.ts"
import { Invocation } from "../invocation.ts"
import { wayOf, type Way } from "./way.ts"

const parserAndTests = "Rewrite the date parser; add tests"
const question = "These look independent — I could run them in parallel:\n1. Rewrite the date parser\n2. add tests\nRun in parallel? [1=yes 2=always 3=no]\n"

/** A person at a terminal who types these lines, each when something is asked. */
async function answering(cwd: string, lines: readonly string[], direction = parserAndTests): Promise<{ readonly way: Way; readonly shown: string }> {
  const stdin = Object.assign(new PassThrough(), { isTTY: true })
  const stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 80 })
  const left = [...lines]
  let shown = ""
  stderr.setEncoding("utf8").on("data", (chunk: string) => {
    shown += chunk
    if (chunk.includes("> ")) stdin.write(`${left.shift() ?? ""}\n`)
  })
  const context: Pick<CliContext, "cwd" | "env" | "argv" | "stdin" | "stdout" | "stderr" | "now"> = {
    cwd,
    env: { NO_COLOR: "1" },
    argv: [],
    stdin,
    stdout: stderr,
    stderr,
    now: () => 0,
  }
  return { way: await wayOf(new Invocation(context as CliContext, [direction], {}), direction), shown }
}

test.each<[string, readonly string[], object, string | null]>([
  ["1: they run side by side, once", ["1"], { to: "quick", consent: { parallel: true, answered: true } }, null],
  ["2: and nobody is asked again", ["2"], { to: "quick", consent: { parallel: true, answered: true } }, "auto-allow"],
  ["3: one after the other", ["what?", "3"], { to: "quick", consent: { parallel: false, answered: true } }, null],
  ["3, and it is not offered again", ["3, don't ask again"], { to: "quick", consent: { parallel: false, answered: true } }, "always-ask"],
  ["no answer: nothing", [""], { to: "nothing" }, null],
])("a direction that holds two tasks is asked about to the letter. %s", async (_, lines, way, kept) => {
  await using project = await mkdtempDisposable(path.join(tmpdir(), "fleet-way-"))
  await mkdir(path.join(project.path, ".git"))
  const answered = await answering(project.path, lines)
  expect(answered.shown).toContain(question)
  expect(answered.way).toMatchObject(way)
  const harness = await readFile(path.join(project.path, ".claude/harness.json"), "utf8").catch(() => null)
  expect(harness === null ? null : JSON.parse(harness)).toEqual(kept === null ? null : { consent: { fleetSpawn: kept } })
})

test("tasks that a direction names are asked about however small they are, in the README's own example too", async () => {
  await using project = await mkdtempDisposable(path.join(tmpdir(), "fleet-way-"))
  const { way, shown } = await answering(project.path, ["1"], "fix the login redirect; update the README")
  expect(shown).toContain("1. fix the login redirect\n2. update the README\nRun in parallel?")
  expect(way).toMatchObject({ to: "quick", tasks: ["fix the login redirect", "update the README"] })
})

test("tasks that touch the same file are not called independent: nothing is asked, and it is said why", async () => {
  await using project = await mkdtempDisposable(path.join(tmpdir(), "fleet-way-"))
  const { way, shown } = await answering(project.path, [], "Write the parser in src/c.txt; Describe it in src/c.txt")
  expect(shown).not.toContain("These look independent")
  expect(shown).toMatch(/its tasks go one after the other \(\S+ waits for \S+: both touch src\/c\.txt\)/)
  expect(way).toEqual({ to: "campaign" })
})
