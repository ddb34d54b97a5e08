import { randomUUID } from "node:crypto"
import { once } from "node:events"
import { expect, test } from "vitest"
import { eventually } from "../../test/eventually.ts"
import { Children, type Child } from "./children.ts"
import { cpuMsOfMarked, descendants, endMarked, findMarked } from "./marked.ts"
import { parsePsLine } from "./ps.ts"
import { parseStat, processFacts } from "./processes.ts"

const mark = "FLEET_TEST_MARK"
const program = (name: string): string => new URL(`../../test/fixtures/programs/${name}.mjs`, import.meta.url).pathname

function start(children: Children, value: string, argv: [string, ...string[]]): Child {
  return children.start({ argv, cwd: "/", env: { PATH: process.env.PATH, [mark]: value } })
}

/** The pids on the line with which a program says that it is ready. */
async function ready(child: Child): Promise<number[]> {
  const [line] = (await once(child.stdout, "data")) as [Buffer]
  return line.toString().trim().split(" ").slice(1).map(Number)
}

test("grandchildren in sessions of their own that ignore SIGTERM are found by the mark and ended", async () => {
  await using children = new Children()
  const value = randomUUID()
  const agent = start(children, value, [process.execPath, program("forks-grandchildren")])
  const pids = await ready(agent)
  const found = await findMarked(mark, value)
  expect(found.map((each) => each.pid)).toEqual(expect.arrayContaining(pids))
  expect(new Set(found.map((each) => each.sid)).size).toBeGreaterThan(1)
  expect((await descendants([agent.pid ?? 0])).map((each) => each.pid)).toEqual(expect.arrayContaining(pids.slice(1)))

  const { ended, survivors } = await endMarked({ name: mark, value, graceMs: 50 })
  expect(survivors).toEqual([])
  expect(ended).toBeGreaterThanOrEqual(3)
  expect(await findMarked(mark, value)).toEqual([])
  for (const pid of pids) expect(processFacts(pid)).toBeNull()
  expect((await agent.exited).signal).toBe("SIGKILL")
})

test("what obeys SIGTERM is not killed, and the grace is not waited out", async () => {
  await using children = new Children()
  const value = randomUUID()
  const child = start(children, value, ["/bin/sh", "-c", "echo ready; exec sleep 600"])
  await ready(child)
  await eventually("sh became sleep", () => processFacts(child.pid ?? 0)?.command === "sleep")
  const before = performance.now()
  expect(await endMarked({ name: mark, value, graceMs: 30_000 })).toEqual({ ended: 1, survivors: [] })
  expect(performance.now() - before).toBeLessThan(15_000)
  expect((await child.exited).signal).toBe("SIGTERM")
})

test("a descendant that cleared its environment goes with the one that started it", async () => {
  await using children = new Children()
  const value = randomUUID()
  const child = start(children, value, ["/bin/sh", "-c", "env -i setsid sleep 600 & echo ready $!; wait"])
  const [pid = 0] = await ready(child)
  await eventually("the daemon runs without the mark", async () => {
    const marked = await findMarked(mark, value)
    return processFacts(pid)?.command === "sleep" && !marked.some((each) => each.pid === pid)
  })
  expect(await endMarked({ name: mark, value, graceMs: 2_000 })).toEqual({ ended: 2, survivors: [] })
  expect(processFacts(pid)).toBeNull()
})

test("another value of the mark, and what is excepted, is left alone", async () => {
  await using children = new Children()
  const value = randomUUID()
  const other = start(children, randomUUID(), [process.execPath, program("ignores-sigterm")])
  const spared = start(children, value, [process.execPath, program("ignores-sigterm")])
  await Promise.all([ready(other), ready(spared)])
  expect(await endMarked({ name: mark, value, except: [spared.pid ?? 0], graceMs: 0 })).toEqual({ ended: 0, survivors: [] })
  expect(processFacts(other.pid ?? 0)).not.toBeNull()
  expect(processFacts(spared.pid ?? 0)).not.toBeNull()
  await Promise.all([other.end(0), spared.end(0)])
})

test("processor time of what is marked grows while it works", async () => {
  await using children = new Children()
  const value = randomUUID()
  const child = start(children, value, ["/bin/sh", "-c", "while :; do :; done"])
  await eventually("some processor time", async () => (await cpuMsOfMarked(mark, value)) >= 20)
  await child.end(0)
  expect(await cpuMsOfMarked(mark, value)).toBe(0)
})

test("a zombie is not alive, and a name may hold spaces and parentheses", () => {
  const stat = (state: string): string => `42 (a (b) c) ${state} 7 8 9 0 -1 4194304 1 2 3 4 10 20 30 40 20 0 1 0 777 1 2`
  expect(parseStat(42, stat("Z"))).toBeNull()
  expect(parseStat(42, stat("S"))).toEqual({ pid: 42, ppid: 7, pgid: 8, sid: 9, startTicks: 777, command: "a (b) c", cpuTicks: 100 })
})

test("a line of ps, as macOS prints it", () => {
  const line = "  501     1   501      0 Ss      1:02.50 Fri Nov 20 22:54:38 2026     /bin/sleep 600 PATH=/bin FLEET_SESSION=a.b.1"
  expect(parsePsLine(line)).toMatchObject({ pid: 501, ppid: 1, pgid: 501, command: "/bin/sleep", cpuTicks: 6250 })
  expect(parsePsLine(line)?.environment).toContain("FLEET_SESSION=a.b.1")
  expect(parsePsLine(line.replace("Ss", "Z "))).toBeNull()
})
