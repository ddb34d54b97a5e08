import { once } from "node:events"
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { expect, onTestFinished, test } from "vitest"
import { FaultError, type Fault } from "../../domain/fault.ts"
import { id } from "../../domain/ids.ts"
import { storeConformance } from "../../engine/ports/store.conformance.ts"
import { Children, type Child } from "../../runtime/children.ts"
import { readLines } from "../../runtime/lines.ts"
import { holdLock } from "./lock.ts"
import { openSqliteStore, openStoreDatabase, SqliteStore } from "./sqlite.ts"

const project = id<"project">("p")
const program = new URL("../../../test/fixtures/programs/commits-forever.ts", import.meta.url).pathname

function newPath(): string {
  const directory = mkdtempSync(join(tmpdir(), "fleet store é ' "))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return join(directory, "state", "fleet.db")
}

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const error: unknown = await work.then(
    () => new Error("it went well"),
    (rejection: unknown) => rejection,
  )
  if (!(error instanceof FaultError)) throw error
  return error.fault
}

const three = (version: number, size = 10): { at: number; events: object[]; opens: { key: string; action: object }[]; settles: string[] } => ({
  at: 1,
  events: [1, 2, 3].map((step) => ({ n: version + step, padding: "x".repeat(size) })),
  opens: [{ key: `a${version + 3}`, action: {} }],
  settles: [`a${version}`],
})

storeConformance("sqlite", async () => openSqliteStore(newPath()))

test("what was committed is there after opening again, and only the owner may read it", async () => {
  const path = newPath()
  {
    await using store = await openSqliteStore(path)
    await store.commit(project, 0, three(0))
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(`${path}-wal`).mode & 0o777).toBe(0o600)
    expect(statSync(join(path, "..")).mode & 0o777).toBe(0o700)
  }
  await using store = await openSqliteStore(path)
  expect((await store.load(project)).events).toHaveLength(3)
})

test("two snapshots are kept, and an unreadable one gives way to the one before", async () => {
  const path = newPath()
  {
    await using store = await openSqliteStore(path)
    await store.commit(project, 0, three(0))
    for (const version of [1, 2, 3]) await store.saveSnapshot(project, version, { version })
  }
  const database = new DatabaseSync(path)
  expect(database.prepare("SELECT version FROM snapshots").all()).toHaveLength(2)
  database.exec("UPDATE snapshots SET state = '{torn' WHERE version = 3")
  database.close()
  await using store = await openSqliteStore(path)
  expect(await store.load(project)).toMatchObject({ snapshot: { version: 2 }, events: [{ number: 3 }] })
})

test("a file of a newer Fleet is refused and left as it is", async () => {
  const path = newPath()
  await (await openSqliteStore(path))[Symbol.asyncDispose]()
  const database = new DatabaseSync(path)
  database.exec("UPDATE meta SET value = '99' WHERE key = 'schema'")
  database.close()
  expect((await faultOf(openSqliteStore(path))).code).toBe("store-newer")
  const again = new DatabaseSync(path)
  expect(again.prepare("SELECT value FROM meta WHERE key = 'schema'").get()).toEqual({ value: "99" })
  again.close()
})

function startHolder(children: Children, path: string, mode: "hold" | "commit"): Child {
  return children.start({ argv: [process.execPath, program, path, mode], cwd: "/", env: { PATH: process.env.PATH } })
}
async function firstLine(child: Child): Promise<string> {
  const [chunk] = (await once(child.stdout, "data")) as [Buffer]
  return chunk.toString().split("\n")[0] ?? ""
}

test("a second hub on the same file hears who holds it; SIGKILL of the first frees it at once", async () => {
  await using children = new Children()
  const path = newPath()
  const first = startHolder(children, path, "hold")
  expect(await firstLine(first)).toBe("open 0")
  const found = await faultOf(openSqliteStore(path))
  expect(found.code).toBe("hub-running")
  expect(found.what).toContain(path)
  if (process.platform === "linux") expect(found.why).toContain(String(first.pid))
  await first.end(0)
  await using store = await openSqliteStore(path)
  expect(await store.commit(project, 0, three(0))).toBe(3)
  expect((await faultOf(openSqliteStore(path))).code).toBe("hub-running")
})

test("of four hubs that start at the same moment one runs", async () => {
  await using children = new Children()
  const path = newPath()
  const said = await Promise.all([1, 2, 3, 4].map(() => firstLine(startHolder(children, path, "hold"))))
  expect(said.toSorted()).toEqual(["fault hub-running", "fault hub-running", "fault hub-running", "open 0"])
})

test("SIGKILL at any moment loses no acknowledged commit and leaves none half-written", { timeout: 120_000 }, async () => {
  await using children = new Children()
  const path = newPath()
  let acknowledged = 0
  for (let round = 0; round < 12; round++) {
    const child = startHolder(children, path, "commit")
    const enough = 1 + Math.floor(Math.random() * 1_500)
    let lines = 0
    const read = readLines(child.stdout, 100, ({ text }) => {
      const version = Number(text.replace("open ", ""))
      expect(version).toBeGreaterThanOrEqual(acknowledged)
      acknowledged = version
      if (++lines === enough && child.pid !== undefined) process.kill(child.pid, "SIGKILL")
    })
    await child.exited
    await read
    await using store = await openSqliteStore<{ n: number }, unknown>(path)
    const { snapshot, events, open } = await store.load(project)
    const version = events.at(-1)?.number ?? snapshot?.version ?? 0
    expect(version).toBeGreaterThanOrEqual(acknowledged)
    expect(version % 3).toBe(0)
    expect(open.map((each) => each.key)).toEqual([`a${version}`])
    const all = await store.read(project, 0, Number.MAX_SAFE_INTEGER)
    expect(all.every((stored, index) => stored.number === index + 1 && stored.event.n === index + 1)).toBe(true)
    expect(all).toHaveLength(version)
  }
})

test("without room a commit is refused whole, and commits go on once there is room", async () => {
  const path = newPath()
  const database = openStoreDatabase(path)
  await using store = new SqliteStore(database, path)
  const pages = Number(database.prepare("PRAGMA page_count").get()?.["page_count"])
  database.exec(`PRAGMA max_page_count = ${pages + 20}`)
  let version = 0
  const fill = async (): Promise<void> => {
    while (version < 3_000) version = await store.commit(project, version, three(version, 3_000))
  }
  expect((await faultOf(fill())).code).toBe("store-full")
  expect(version).toBeGreaterThan(0)
  const { events, open } = await store.load(project)
  expect(events).toHaveLength(version)
  expect(open.map((each) => each.key)).toEqual([`a${version}`])
  database.exec("PRAGMA max_page_count = 100000")
  expect(await store.commit(project, version, three(version, 3_000))).toBe(version + 3)
})

const garbage: [string, (path: string) => void][] = [
  ["cut short", (path) => truncateSync(path, Math.floor(statSync(path).size / 2))],
  ["no database at all", (path) => writeFileSync(path, "once upon a time ".repeat(1_000))],
  ["overwritten in the middle", (path) => writeFileSync(path, Buffer.from(readFileSync(path)).fill(0xab, 4_096 * 3, 4_096 * 9))],
]
test.each(garbage)("a file that is %s is refused, with a copy put aside and nothing overwritten", async (_how, harm) => {
  const path = newPath()
  {
    await using store = await openSqliteStore(path)
    for (let version = 0; version < 300; version += 3) await store.commit(project, version, three(version, 500))
  }
  harm(path)
  const harmed = readFileSync(path)
  const found = await faultOf(openSqliteStore(path))
  expect(found.code).toBe("store-damaged")
  const copies = readdirSync(join(path, "..")).filter((name) => name.includes(".damaged-"))
  expect(copies).toHaveLength(1)
  const copy = join(path, "..", copies[0] ?? "")
  expect(found.why).toContain(copy)
  expect(readFileSync(copy).equals(harmed)).toBe(true)
  expect(readFileSync(path).equals(harmed)).toBe(true)
  expect((await faultOf(openSqliteStore(path))).why).toContain(copy)
  expect(readdirSync(join(path, "..")).filter((name) => name.includes(".damaged-"))).toHaveLength(1)
})

test("a stream with a gap is damaged, not quietly shorter", async () => {
  const path = newPath()
  await using store = new SqliteStore(openStoreDatabase(path), path)
  await store.commit(project, 0, three(0))
  await store[Symbol.asyncDispose]()
  const database = new DatabaseSync(path)
  database.exec("DELETE FROM events WHERE number = 2")
  database.close()
  await using again = await openSqliteStore(path)
  expect((await faultOf(again.load(project))).code).toBe("store-damaged")
})

test("a place that cannot be written to is a fault that names it", async () => {
  expect((await faultOf(openSqliteStore("/proc/no/such/place/fleet.db"))).code).toBe("store-unusable")
})

test("a lock is held once, names its holder, and can be taken again when given back", async () => {
  const path = newPath()
  const lock = await holdLock(path)
  const found = await faultOf(holdLock(path))
  expect(found.code).toBe("repository-locked")
  if (process.platform === "linux") expect(found.why).toContain(String(process.pid))
  await lock[Symbol.asyncDispose]()
  await lock[Symbol.asyncDispose]()
  await using _again = await holdLock(path)
})
