import { fork, spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { mkdtempDisposable, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { eventually } from "../../../test/eventually.ts"
import { readDiscoveryRecord, type DiscoveryRecord } from "../../domain/discovery/record.ts"
import { HandClock, systemClock } from "../../runtime/clock.ts"
import { appendDiscovery } from "./discoveries.ts"
import { momentumFileOf, readMomentum } from "./momentum.ts"
import { idleLimitMs, watchDiscoveries, type WatchEnd, type WatchOptions } from "./momentum-watch.ts"
import { runningWatcher, watcherPidFileOf } from "./watcher-pid.ts"

const place = (): ReturnType<typeof mkdtempDisposable> => mkdtempDisposable(path.join(tmpdir(), "fleet-watch-"))

function discovery(n: number): DiscoveryRecord {
  const read = readDiscoveryRecord({ timestamp: "2026-04-01T10:00:00.000Z", session: `s${n}`, agent: "api", handoff_items: [`item ${n}`] })
  if (read === null) throw new Error("no record")
  return read
}

interface Watching {
  readonly stop: () => Promise<WatchEnd>
  readonly ended: Promise<WatchEnd>
}

async function watching(root: string, options: Partial<WatchOptions> = {}): Promise<Watching> {
  const stopping = new AbortController()
  const begun = Promise.withResolvers<void>()
  const ended = watchDiscoveries(root, { clock: systemClock, tell: () => undefined, signal: stopping.signal, onWatching: begun.resolve, ...options })
  await Promise.race([begun.promise, ended])
  return {
    ended,
    stop: () => {
      stopping.abort()
      return ended
    },
  }
}

const count = async (root: string): Promise<number> => (await readMomentum(root)).momentum?.discovery_count ?? 0

test("momentum.json is new within 500 ms of a discovery", async () => {
  await using root = await place()
  const watch = await watching(root.path)
  for (const n of [1, 2, 3]) {
    await appendDiscovery(root.path, discovery(n))
    const writtenAt = performance.now()
    await eventually("it is in momentum.json", async () => (await count(root.path)) === n)
    expect(performance.now() - writtenAt).toBeLessThan(500)
  }
  expect(await watch.stop()).toBe("stopped")
  expect(existsSync(watcherPidFileOf(root.path))).toBe(false)
})

test("what was written before it began counts", async () => {
  await using root = await place()
  await appendDiscovery(root.path, discovery(1))
  const watch = await watching(root.path)
  expect(await count(root.path)).toBe(1)
  await watch.stop()
})

test("one watcher for a project: a second one ends at once, and says so", async () => {
  await using root = await place()
  const first = await watching(root.path)
  expect(await runningWatcher(root.path)).toBe(process.pid)
  expect(await (await watching(root.path)).ended).toBe("already-running")
  await first.stop()
  expect(await runningWatcher(root.path)).toBeNull()
})

test("a pid file of a process that is gone, or that is no watcher, is no watcher", async () => {
  await using root = await place()
  const stranger = spawn("sleep", ["60"])
  try {
    for (const text of [String(stranger.pid), `${stranger.pid}\n12\n`, "999999999\n1\n", "", "x"]) {
      const watch = await watching(root.path)
      await watch.stop()
      await writeFile(watcherPidFileOf(root.path), text)
      expect(await runningWatcher(root.path)).toBeNull()
      const next = await watching(root.path)
      expect(await runningWatcher(root.path)).toBe(process.pid)
      await next.stop()
    }
  } finally {
    stranger.kill("SIGKILL")
    await once(stranger, "exit")
  }
})

test("one that was replaced ends, and leaves the other's pid file", async () => {
  await using root = await place()
  const watch = await watching(root.path)
  await writeFile(watcherPidFileOf(root.path), "12345\n6\n")
  expect(await watch.ended).toBe("replaced")
  expect(await readFile(watcherPidFileOf(root.path), "utf8")).toBe("12345\n6\n")
})

test("it ends when nothing was written for two hours, counted from the last discovery", async () => {
  await using root = await place()
  const clock = new HandClock()
  const watch = await watching(root.path, { clock })
  clock.pass(idleLimitMs - 1)
  await appendDiscovery(root.path, discovery(1))
  // The group is gathered once the discovery was seen: two calls wait, that and the idle limit.
  await eventually("it was seen", () => clock.waiting === 2)
  clock.pass(idleLimitMs - 1)
  await eventually("it was synthesised", async () => (await count(root.path)) === 1)
  let hasEnded = false
  void watch.ended.then(() => (hasEnded = true))
  expect(hasEnded).toBe(false)
  clock.pass(1)
  expect(await watch.ended).toBe("idle")
  expect(existsSync(watcherPidFileOf(root.path))).toBe(false)
})

test("a project that is gone is not made again", async () => {
  await using root = await place()
  const gone = path.join(root.path, "gone")
  expect(await (await watching(gone)).ended).toBe("replaced")
  expect(existsSync(gone)).toBe(false)
})

test("the project's directory may go away under it", async () => {
  await using root = await place()
  const watch = await watching(root.path)
  await rm(path.join(root.path, ".planning"), { recursive: true })
  expect(await watch.ended).toBe("replaced")
  expect(existsSync(momentumFileOf(root.path))).toBe(false)
})

test("of many processes that want to be the watcher at once, one is, though a dead one's pid file is there", async () => {
  await using root = await place()
  const first = await watching(root.path)
  await first.stop()
  await writeFile(watcherPidFileOf(root.path), "999999999\n1\n")
  const program = path.join(root.path, "candidate.mjs")
  await writeFile(
    program,
    `import { becomeWatcher, isStillWatcher } from ${JSON.stringify(new URL("./watcher-pid.ts", import.meta.url).href)}
     await becomeWatcher(${JSON.stringify(root.path)})
     process.on("message", async (question) => process.send({ question, is: await isStillWatcher(${JSON.stringify(root.path)}) }))
     process.send({ question: "tried" })`,
  )
  const candidates = Array.from({ length: 6 }, () => fork(program))
  const told = (child: (typeof candidates)[number]): Promise<{ is: boolean }> => once(child, "message").then(([message]) => message as { is: boolean })
  try {
    await Promise.all(candidates.map(told))
    const answers = candidates.map(told)
    for (const candidate of candidates) candidate.send("is it you?")
    expect((await Promise.all(answers)).filter(({ is }) => is)).toHaveLength(1)
  } finally {
    const gone = candidates.map((candidate) => once(candidate, "exit"))
    for (const candidate of candidates) candidate.kill("SIGKILL")
    await Promise.all(gone)
  }
})
