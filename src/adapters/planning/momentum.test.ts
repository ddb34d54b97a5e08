import { fork } from "node:child_process"
import { once } from "node:events"
import { appendFile, mkdir, mkdtempDisposable, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { readDiscoveryRecord, type DiscoveryRecord } from "../../domain/discovery/record.ts"
import { appendDiscovery, discoveriesDirectory, readNewDiscoveries } from "./discoveries.ts"
import { momentumFileOf, readMomentum, synthesiseMomentum } from "./momentum.ts"

const nowMs = Date.parse("2026-04-02T12:00:00.000Z")
const place = (): ReturnType<typeof mkdtempDisposable> => mkdtempDisposable(path.join(tmpdir(), "fleet-momentum-"))

function discovery(n: number, day = "2026-04-01"): DiscoveryRecord {
  const read = readDiscoveryRecord({
    timestamp: `${day}T10:00:00.000Z`,
    session: `s${n}`,
    agent: "api",
    wave: 1,
    scope: ["src/api"],
    handoff_items: [`item ${n}`],
  })
  if (read === null) throw new Error("no record")
  return read
}

async function countIn(root: string): Promise<number> {
  return (JSON.parse(await readFile(momentumFileOf(root), "utf8")) as { discovery_count: number }).discovery_count
}

test("a discovery is one line of the file of its day, and directories are made for it", async () => {
  await using root = await place()
  const file = await appendDiscovery(root.path, discovery(1))
  expect(file).toBe(path.join(root.path, ".planning/discoveries/2026-04-01.jsonl"))
  await Promise.all([2, 3, 4, 5].map((n) => appendDiscovery(root.path, discovery(n))))
  const lines = (await readFile(file, "utf8")).trimEnd().split("\n")
  expect(new Set(lines.map((line) => readDiscoveryRecord(JSON.parse(line))?.session))).toEqual(new Set(["s1", "s2", "s3", "s4", "s5"]))
})

test("only what was added is read, and half a line is left until it is whole", async () => {
  await using root = await place()
  const file = await appendDiscovery(root.path, discovery(1))
  await appendDiscovery(root.path, discovery(2, "2026-04-02"))
  const sessions: (string | null)[] = []
  const take = ({ session }: DiscoveryRecord): void => void sessions.push(session)
  const first = await readNewDiscoveries(root.path, {}, take)
  const line = JSON.stringify(discovery(3))
  await appendFile(file, line.slice(0, 40))
  const second = await readNewDiscoveries(root.path, first?.marks ?? {}, take)
  expect(sessions.splice(0)).toEqual(["s1", "s2"])
  await appendFile(file, `${line.slice(40)}\nno json\n`)
  expect(await readNewDiscoveries(root.path, second?.marks ?? {}, take)).toMatchObject({ skipped: 1 })
  expect(sessions).toEqual(["s3"])
})

test("what comes after the half line of a writer that died is not lost", async () => {
  await using root = await place()
  const file = await appendDiscovery(root.path, discovery(1))
  await appendFile(file, '{"schema":1,"timest')
  await appendDiscovery(root.path, discovery(2))
  await appendFile(file, '{"schema":1,"timest')
  // Another tool does not look at what stands before its line.
  await appendFile(file, `${JSON.stringify(discovery(3))}\n`)
  expect((await synthesiseMomentum(root.path, nowMs)).momentum.discovery_count).toBe(3)
})

test("files that were changed before the place that was read are read from the beginning", async () => {
  await using root = await place()
  const file = await appendDiscovery(root.path, discovery(1))
  await appendDiscovery(root.path, discovery(2))
  await synthesiseMomentum(root.path, nowMs)
  await truncate(file, 0)
  await appendDiscovery(root.path, discovery(3))
  await synthesiseMomentum(root.path, nowMs)
  expect(await countIn(root.path)).toBe(1)
  await rm(file)
  expect((await synthesiseMomentum(root.path, nowMs)).momentum).toMatchObject({ discovery_count: 0, active_scopes: [] })
})

test("a line that is longer than any record is skipped, and what follows is read", async () => {
  await using root = await place()
  const file = await appendDiscovery(root.path, discovery(1))
  await appendFile(file, `${"x".repeat(3 * 1024 * 1024)}\n`)
  await appendDiscovery(root.path, discovery(2))
  expect((await synthesiseMomentum(root.path, nowMs)).momentum.discovery_count).toBe(2)
})

test("a momentum.json that cannot be understood is kept aside, told, and made anew", async () => {
  await using root = await place()
  await appendDiscovery(root.path, discovery(1))
  await writeFile(momentumFileOf(root.path), '{"schema":1,"upda')
  const { told } = await synthesiseMomentum(root.path, nowMs)
  expect(told).toHaveLength(1)
  const aside = (await readdir(path.join(root.path, ".planning"))).find((name) => name.startsWith("momentum.json.unreadable-"))
  expect(told[0]).toContain(aside)
  expect(await readFile(path.join(root.path, ".planning", aside ?? ""), "utf8")).toBe('{"schema":1,"upda')
  expect(await countIn(root.path)).toBe(1)
  expect(await readMomentum(root.path)).toMatchObject({ momentum: { discovery_count: 1 }, told: [] })
})

test("a state that was damaged costs a reading of everything, and nothing else", async () => {
  await using root = await place()
  await appendDiscovery(root.path, discovery(1))
  await synthesiseMomentum(root.path, nowMs)
  await writeFile(path.join(discoveriesDirectory(root.path), ".momentum-state.json"), "{")
  await appendDiscovery(root.path, discovery(2))
  expect((await synthesiseMomentum(root.path, nowMs)).momentum).toMatchObject({ discovery_count: 2, active_scopes: [{ session_count: 2 }] })
})

test("without any discovery it says so, and makes its directories", async () => {
  await using root = await place()
  expect((await readMomentum(root.path)).momentum).toBeNull()
  expect((await synthesiseMomentum(root.path, nowMs)).momentum.discovery_count).toBe(0)
  expect(await countIn(root.path)).toBe(0)
})

test("many processes that write discoveries and synthesise at once lose none, and no reader sees half a file", async () => {
  await using root = await place()
  await mkdir(path.join(root.path, ".planning"))
  const program = path.join(root.path, "writer.mjs")
  const here = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href)
  await writeFile(
    program,
    `import { appendDiscovery } from ${here("./discoveries.ts")}
     import { synthesiseMomentum } from ${here("./momentum.ts")}
     for (let n = 0; n < 25; n++) {
       await appendDiscovery(process.cwd(), { schema: 1, timestamp: "2026-04-01T10:00:00.000Z", session: process.argv[2] + n, agent: "a", wave: 1, scope: [], status: "success", handoff_items: ["x".repeat(3000)], decisions: [], files_touched: [], failures: [] })
       await synthesiseMomentum(process.cwd(), Date.now())
     }`,
  )
  const writers = ["a", "b", "c", "d"].map((name) => fork(program, [name], { cwd: root.path }))
  let running = writers.length
  const ended = writers.map(async (writer) => {
    const [code] = (await once(writer, "exit")) as [number]
    running--
    return code
  })
  let counts = 0
  while (running > 0) {
    const text = await readFile(momentumFileOf(root.path), "utf8").catch(() => null)
    if (text !== null && (JSON.parse(text) as { schema: number }).schema === 1) counts++
  }
  expect(await Promise.all(ended)).toEqual([0, 0, 0, 0])
  expect(counts).toBeGreaterThan(0)
  expect(await countIn(root.path)).toBe(100)
  expect((await readdir(path.join(root.path, ".planning"))).toSorted()).toEqual(["discoveries", "momentum.json"])
})
