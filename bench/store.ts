/** What the embedded store costs: commits per second, and how long a hub waits for a long stream when it starts. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openSqliteStore, type SqliteStore } from "../src/adapters/stores/sqlite.ts"
import { id } from "../src/domain/ids.ts"
import type { Row } from "./row.ts"

interface SampleEvent {
  readonly type: string
  readonly task: string
  readonly number: number
  readonly detail: string
}

const project = id<"project">("bench")
const eventsPerCommit = 3
const commitsPerSecondMin = 2_000
const loadMsMax = 1_000
const streamLength = 100_000

export async function benchStore(): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), "fleet-bench-store-"))
  try {
    const path = join(directory, "fleet.db")
    const early = await commitsPerSecond(path, 5_000)
    await commitUntil(path, streamLength)
    const loading = await measureLoading(path)
    const late = await commitsPerSecond(path, 5_000)
    return [
      commitRow("commits per second, new store", early),
      commitRow(`commits per second after ${streamLength.toLocaleString("en")} events`, late),
      loadRow(`open and load, ${streamLength.toLocaleString("en")} events, no snapshot`, loading.all),
      loadRow(`open and load, snapshot and 1,000 events after it`, loading.snapshot),
    ]
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const commitRow = (name: string, value: number): Row => ({
  name: `store: ${name}`,
  value: Math.round(value).toLocaleString("en"),
  target: `at least ${commitsPerSecondMin.toLocaleString("en")}`,
  ok: value >= commitsPerSecondMin,
})
const loadRow = (name: string, ms: number): Row => ({
  name: `store: ${name}`,
  value: `${Math.round(ms)} ms`,
  target: `under ${loadMsMax} ms`,
  ok: ms < loadMsMax,
})

async function commitsPerSecond(path: string, commits: number): Promise<number> {
  await using store = await openSqliteStore<SampleEvent, object>(path)
  const from = await versionOf(store)
  const startedAt = performance.now()
  await commitTo(store, from, from + commits * eventsPerCommit)
  return commits / ((performance.now() - startedAt) / 1_000)
}

async function commitUntil(path: string, version: number): Promise<void> {
  await using store = await openSqliteStore<SampleEvent, object>(path)
  await commitTo(store, await versionOf(store), version)
}

async function commitTo(store: SqliteStore<SampleEvent, object>, from: number, to: number): Promise<void> {
  for (let version = from; version < to;) {
    const events = Array.from({ length: eventsPerCommit }, (_, index) => eventOf(version + index + 1))
    const opens = [{ key: `job:${version}`, action: { kind: "session.turn", key: `job:${version}`, prompt: "p".repeat(300) } }]
    version = await store.commit(project, version, { at: 1_800_000_000_000 + version, events, opens, settles: [`job:${version - eventsPerCommit}`] })
  }
}

const eventOf = (number: number): SampleEvent => ({ type: "turn.started", task: `run-ab12/task-${number % 200}`, number, detail: "d".repeat(150) })

async function versionOf(store: SqliteStore<SampleEvent, object>): Promise<number> {
  const { snapshot, events } = await store.load(project)
  return events.at(-1)?.number ?? snapshot?.version ?? 0
}

async function measureLoading(path: string): Promise<{ all: number; snapshot: number }> {
  const all = await timeToLoad(path)
  {
    await using store = await openSqliteStore<SampleEvent, object>(path)
    const state = { tasks: Array.from({ length: 1_000 }, (_, index) => ({ id: `run-ab12/task-${index}`, status: "done", detail: "d".repeat(500) })) }
    await store.saveSnapshot(project, (await versionOf(store)) - 1_000, state)
  }
  return { all, snapshot: await timeToLoad(path) }
}

async function timeToLoad(path: string): Promise<number> {
  const startedAt = performance.now()
  await using store = await openSqliteStore<SampleEvent, object>(path)
  await store.load(project)
  return performance.now() - startedAt
}
