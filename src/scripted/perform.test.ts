import { execFileSync } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { perform, type Stage } from "./perform.ts"
import { parseScript } from "./script.ts"

let cwd = ""
const identity = { GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@example.com", GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a@example.com" }
const environment = { PATH: process.env["PATH"], HOME: tmpdir(), GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", ...identity }
const git = (...args: string[]): string => execFileSync("git", args, { cwd, env: environment, encoding: "utf8" })
const read = (name: string): string => readFileSync(path.join(cwd, name), "utf8")

beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), "fleet-perform-"))
  git("init", "-q")
})
afterEach(() => rmSync(cwd, { recursive: true }))

interface Done {
  readonly said: string
  readonly failed: readonly string[]
}

async function done(script: string, changes: Partial<Stage> = {}): Promise<Done> {
  let said = ""
  const failed: string[] = []
  const nobody = async (): Promise<void> => undefined
  const never = async (): Promise<never> => Promise.reject(new Error("not in this test"))
  const stage: Stage = {
    cwd,
    environment,
    attempt: 1,
    turn: 1,
    signal: new AbortController().signal,
    say: (text) => void (said += text),
    think: () => undefined,
    toolStarted: nobody,
    toolEnded: async (tool, ran) => void (ran.passed || failed.push(tool.title)),
    allowed: async () => true,
    used: () => undefined,
    failedBefore: async () => 0,
    drop: never,
    exit: never,
    ...changes,
  }
  await perform(parseScript(script, { attempt: 1, resumed: false, conflict: false }), stage)
  return { said, failed }
}

test("files are written, appended to, edited and deleted, directories made on the way", async () => {
  await done(
    '[[write path=src/a.txt text="one two"]] [[append path=src/a.txt text=" three"]] [[edit path=src/a.txt old=two new="$& 2"]] [[write path=b text=x]] [[delete path=b]]',
  )
  expect(read("src/a.txt")).toBe("one $& 2 three")
  expect(existsSync(path.join(cwd, "b"))).toBe(false)
})

test("an edit that was already made is no fault, one that cannot be made is", async () => {
  await done("[[write path=a text=new]] [[edit path=a old=old new=new]]")
  await expect(done("[[edit path=a old=other new=x]]")).rejects.toThrow('a does not hold "other"')
})

test("a file outside the workspace is refused", async () => {
  await expect(done("[[write path=../outside.txt text=x]]")).rejects.toThrow("is outside")
  expect(existsSync(path.join(cwd, "../outside.txt"))).toBe(false)
})

test("a commit takes everything; one with nothing to commit fails as a tool and the script goes on", async () => {
  const { said, failed } = await done('[[write path=a text=x]] [[commit message="add a"]] [[commit message=again]] [[say "still here"]]')
  expect(git("log", "--format=%s")).toBe("add a\n")
  expect(failed).toEqual(['git commit -m "again"'])
  expect(said).toBe("still here\n")
})

test("a resolved conflict is in the index", async () => {
  await done("[[write path=a text=base]] [[commit message=base]]")
  git("branch", "other")
  await done("[[write path=a text=ours]] [[commit message=ours]]")
  git("switch", "-q", "other")
  await done("[[write path=a text=theirs]] [[commit message=theirs]]")
  expect(() => execFileSync("git", ["merge", "-q", "-"], { cwd, env: environment, stdio: "ignore" })).toThrow()
  expect(git("ls-files", "--unmerged")).not.toBe("")
  await done('[[resolve path=a text="both"]] [[commit message=merge]]')
  expect(git("ls-files", "--unmerged")).toBe("")
  expect([read("a"), git("log", "-1", "--format=%s")]).toEqual(["both", "merge\n"])
})

test("a handoff stands on lines of its own, a prompt without markers has nothing to do", async () => {
  expect((await done('[[say "done"]] [[handoff "one" "two"]]')).said).toBe("done\n\n---HANDOFF---\n- one\n- two\n---\n")
  expect((await done("Please be nice.")).said).toBe("Nothing to do.\n")
})

test("what is denied does not happen, and the script goes on", async () => {
  const { said, failed } = await done('[[ask cmd="touch a"]] [[say on]]', { allowed: async () => false })
  expect([said, failed, existsSync(path.join(cwd, "a"))]).toEqual(["on\n", ["touch a"], false])
})

test("the end of the turn ends a wait, and what comes after it does not happen", async () => {
  const stop = new AbortController()
  const waiting = done("[[hang]] [[write path=a text=x]]", { signal: stop.signal })
  stop.abort()
  await waiting
  expect(existsSync(path.join(cwd, "a"))).toBe(false)
  const over = AbortSignal.abort()
  expect((await done("[[sleep ms=600000]] [[say x]]", { signal: over })).said).toBe("")
})
