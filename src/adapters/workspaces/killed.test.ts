/** The worker is really killed, at moments spread over all that it does, and another one goes on over the same home. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFile, readdir } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { expect, test } from "vitest"
import { desk } from "./fixtures/desk.ts"

const program = join(import.meta.dirname, "fixtures/prepare-and-land.ts")
const rounds = 12

test("a worker killed at any moment leaves nothing that the next one does not finish or clean up", { timeout: 180_000 }, async () => {
  const files = Object.fromEntries(Array.from({ length: 300 }, (_, number) => [`d${number % 10}/f${number}.txt`, `${number}\n`]))
  await using it = await desk({ ...files, ".gitignore": "*.ignored\n" })
  const whole = await run(it.home, it.repo.path, "whole", null)
  expect(whole.finished).toBe(true)
  let kills = 0
  for (let round = 0; round < rounds; round++) {
    const name = `${round}`
    // Every round is killed earlier and later in turn, then left to finish.
    for (const part of [(round + 0.5) / rounds, ((round * 7 + 3) % rounds) / rounds]) {
      const { finished } = await run(it.home, it.repo.path, name, whole.tookMs * part)
      if (!finished) kills++
    }
    const last = await run(it.home, it.repo.path, name, null)
    expect(last).toMatchObject({ finished: true, said: "" })
    expect(await readFile(join(it.repo.path, `r${name}.txt`), "utf8")).toBe("work\n")
    expect(await it.repo.git("status", "--porcelain")).toBe("")
  }
  expect(kills).toBeGreaterThan(rounds)
  expect(await it.repo.git("log", "--format=%s", "--merges", "main")).toBe(
    [...Array.from({ length: rounds }, (_, round) => `Land r${rounds - 1 - round}`), "Land rwhole"].join("\n"),
  )
  await it.fleet.tidy(it.repo.path)
  expect(await readdir(join(it.home, "workspaces"))).toEqual([])
  await it.reopen()
  await it.expectNothingLeft()
})

/** Runs the worker and, when told, kills it that long after it started. The wait is the moment of the kill itself, not a wait for something to be ready. */
async function run(home: string, repository: string, round: string, killAfterMs: number | null): Promise<{ finished: boolean; said: string; tookMs: number }> {
  const child = spawn(process.execPath, [program, home, repository, round], { stdio: ["ignore", "pipe", "pipe"] })
  let said = ""
  let out = ""
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text))
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text))
  const closed = once(child, "close")
  await Promise.race([once(child.stdout, "data"), closed])
  const from = performance.now()
  const abort = new AbortController()
  if (killAfterMs !== null)
    void delay(killAfterMs, null, { signal: abort.signal }).then(
      () => child.kill("SIGKILL"),
      () => undefined,
    )
  await closed
  abort.abort()
  return { finished: out.endsWith("finished\n"), said, tookMs: performance.now() - from }
}
