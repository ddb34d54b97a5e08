import { once } from "node:events"
import { expect, test } from "vitest"
import { eventually } from "../../test/eventually.ts"
import { Children, type Child } from "./children.ts"
import { readLines } from "./lines.ts"
import { processFacts } from "./processes.ts"
import { Tail } from "./tail.ts"

const fixture = (name: string): string => new URL(`../../test/fixtures/programs/${name}.mjs`, import.meta.url).pathname

function start(children: Children, name: string): Child {
  return children.start({ argv: [process.execPath, fixture(name)], cwd: "/", env: { PATH: process.env.PATH } })
}

test("a program that ignores SIGTERM is killed after the grace", async () => {
  await using children = new Children()
  const child = start(children, "ignores-sigterm")
  await once(child.stdout, "data")
  expect(await child.end(50)).toEqual({ code: null, signal: "SIGKILL", failure: null })
  expect(await child.end(50)).toEqual({ code: null, signal: "SIGKILL", failure: null })
  expect(children.size).toBe(0)
})

test("disposing the set ends what is still in it", async () => {
  const children = new Children()
  const child = start(children, "never-answers")
  child.stdin.write("hello?\n")
  await children[Symbol.asyncDispose]()
  expect(children.size).toBe(0)
  expect(processFacts(child.pid ?? 0)).toBeNull()
})

test("a program that dies by itself says how", async () => {
  await using children = new Children()
  const child = start(children, "dies-with-7")
  const said = new Tail(1_000).follow(child.stderr)
  expect(await child.exited).toEqual({ code: 7, signal: null, failure: null })
  await eventually("stderr arrived", () => said.toString() === "giving up\n")
})

test("exit 0 without a word is an exit without a word", async () => {
  await using children = new Children()
  const child = start(children, "exits-silently")
  const lines: string[] = []
  await Promise.all([readLines(child.stdout, 100, (line) => lines.push(line.text)), child.exited])
  expect(lines).toEqual([])
  expect((await child.exited).code).toBe(0)
})

test("a program that cannot be started is a failed exit, not an exception", async () => {
  await using children = new Children()
  const child = children.start({ argv: ["/no/such/program"], cwd: "/", env: {} })
  const lines: string[] = []
  await readLines(child.stdout, 100, (line) => lines.push(line.text))
  expect((await child.exited).failure?.code).toBe("ENOENT")
  expect(await child.end(10)).toMatchObject({ code: null, signal: null })
  expect(lines).toEqual([])
})

test("a directory that is not there is a failed exit too", async () => {
  await using children = new Children()
  const child = children.start({ argv: ["/bin/true"], cwd: "/no/such/directory", env: {} })
  expect((await child.exited).failure?.code).toBe("ENOENT")
})

test("a flood is cut into lines that stay within the limit, and ends with the program", async () => {
  await using children = new Children()
  const child = start(children, "floods-stdout")
  let lines = 0
  let longest = 0
  const enough = Promise.withResolvers<void>()
  const read = readLines(child.stdout, 1_000, (line) => {
    longest = Math.max(longest, line.text.length)
    if (++lines === 500) enough.resolve()
  })
  await enough.promise
  await child.end(0)
  await read
  expect(longest).toBe(1_000)
})

test("half a line is handed over when the program is gone, not before", async () => {
  await using children = new Children()
  const child = start(children, "half-a-line")
  const lines: string[] = []
  const first = Promise.withResolvers<void>()
  const read = readLines(child.stdout, 1_000, (line) => {
    lines.push(line.text)
    first.resolve()
  })
  await first.promise
  expect(lines).toEqual(['{"whole":true}'])
  await child.end(0)
  await read
  expect(lines).toEqual(['{"whole":true}', '{"half":'])
})

test("a program that closed its stdout still runs until it is ended", async () => {
  await using children = new Children()
  const child = start(children, "closes-stdout")
  await readLines(child.stdout, 100, () => undefined)
  expect(children.size).toBe(1)
  expect(processFacts(child.pid ?? 0)).not.toBeNull()
  await child.end(0)
})

test("ending a child whose leader is gone still ends the rest of its group", async () => {
  await using children = new Children()
  const child = children.start({ argv: ["/bin/sh", "-c", "sleep 600 & echo $!"], cwd: "/", env: { PATH: process.env.PATH } })
  const [line] = (await once(child.stdout, "data")) as [Buffer]
  await child.exited
  await child.end(0)
  await eventually("the rest of the group is gone", () => processFacts(Number(line.toString())) === null)
})
