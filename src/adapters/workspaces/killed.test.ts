/** The worker is really killed, at moments spread over all that it does, and another one goes on over the same home. */
import { execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { chmod, mkdir, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { expect, test } from "vitest"
import { desk } from "./fixtures/desk.ts"

const program = join(import.meta.dirname, "fixtures/prepare-and-land.ts")
const rounds = 12

/** Stands before git: at the call with the number `KILL_AT` the worker is killed, and git goes on by itself or never runs. */
const shim = `#!/bin/sh
echo x >> "$CALLS"
if [ "$KILL_AT" -gt 0 ] && [ "$(wc -l < "$CALLS")" -ge "$KILL_AT" ]; then
  kill -9 $PPID
  [ "$KILL_GIT_GOES_ON" = yes ] || exit 137
fi
unset KILL_AT KILL_GIT_GOES_ON
exec "$REAL" "$@"
`

test("a worker killed at any moment leaves nothing that the next one does not finish or clean up", { timeout: 240_000 }, async () => {
  const files = Object.fromEntries(Array.from({ length: 300 }, (_, number) => [`d${number % 10}/f${number}.txt`, `${number}\n`]))
  await using it = await desk({ ...files, ".gitignore": "*.ignored\n" })
  const bin = join(dirname(it.home), "bin")
  await mkdir(bin)
  await writeFile(join(bin, "git"), shim)
  await chmod(join(bin, "git"), 0o755)
  const worker = (round: string, kill: Kill | null): Promise<Ended> => run(it.home, it.repo.path, bin, round, kill)

  // In odd rounds the checkout is at a path of its own, which takes other steps.
  const wholes = [await worker("100", null), await worker("101", null)] as const
  for (const whole of wholes) expect(whole).toMatchObject({ finished: true, said: "" })
  for (let round = 0; round < rounds; round++) {
    const name = `${round}`
    const whole = wholes[round % 2 === 0 ? 0 : 1]
    // Once at a git call, so that each part of the work has its turn; once soon after it was taken up again; once by time, in the middle of a git.
    const first = await worker(name, { atCall: 1 + Math.floor((round * (whole.calls - 1)) / rounds), gitGoesOn: round % 2 === 0 })
    expect(first.finished).toBe(false)
    await worker(name, { atCall: 1 + (round % 7), gitGoesOn: round % 3 === 0 })
    await worker(name, { afterMs: (whole.tookMs * (round + 1)) / (rounds + 2) })
    expect(await worker(name, null)).toMatchObject({ finished: true, said: "" })
    expect(await readFile(join(it.repo.path, `r${name}.txt`), "utf8")).toBe("work\n")
    expect(await it.repo.git("status", "--porcelain")).toBe("")
  }
  expect(await it.repo.git("log", "--format=%s", "--merges", "main")).toBe(
    [...Array.from({ length: rounds }, (_, round) => `Land r${rounds - 1 - round}`), "Land r101", "Land r100"].join("\n"),
  )
  await it.reopen()
  await it.fleet.tidy(it.repo.path)
  await it.expectNothingLeft()
  expect(await readdir(dirname(it.repo.path))).toEqual(["repo"])
})

type Kill = { readonly atCall: number; readonly gitGoesOn: boolean } | { readonly afterMs: number }
interface Ended {
  readonly finished: boolean
  readonly said: string
  readonly calls: number
  readonly tookMs: number
}

async function run(home: string, repository: string, bin: string, round: string, kill: Kill | null): Promise<Ended> {
  const calls = join(bin, "calls")
  await rm(calls, { force: true })
  const at = kill !== null && "atCall" in kill ? { KILL_AT: `${kill.atCall}`, KILL_GIT_GOES_ON: kill.gitGoesOn ? "yes" : "no" } : { KILL_AT: "0" }
  const env = { ...process.env, PATH: `${bin}:${process.env["PATH"]}`, CALLS: calls, REAL: execFileSync("which", ["git"], { encoding: "utf8" }).trim(), ...at }
  const child = spawn(process.execPath, [program, home, repository, round], { stdio: ["ignore", "pipe", "pipe"], env })
  let said = ""
  let out = ""
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text))
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text))
  const closed = once(child, "close")
  await Promise.race([once(child.stdout, "data"), closed])
  const from = performance.now()
  const abort = new AbortController()
  // Not a wait for something to be ready: the time is the moment of the kill.
  if (kill !== null && "afterMs" in kill)
    void delay(kill.afterMs, null, { signal: abort.signal }).then(
      () => killWithGit(child.pid ?? 0, home),
      () => undefined,
    )
  await closed
  abort.abort()
  const count = (await readFile(calls, "utf8").catch(() => "")).length / 2
  return { finished: out.endsWith("finished\n"), said, calls: count, tookMs: performance.now() - from }
}

/** As when a machine stops: the worker and each git that was started for a checkout in `home`. Git that works on the person's own checkout is left. */
async function killWithGit(worker: number, home: string): Promise<void> {
  killIfThere(worker)
  for (const pid of (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name))) {
    const directory = await readlink(join("/proc", pid, "cwd")).catch(() => "")
    const command = await readFile(join("/proc", pid, "cmdline"), "utf8").catch(() => "")
    if (/^[^\0]*git\0/.test(command) && (command.includes(home) || directory.startsWith(home))) killIfThere(Number(pid))
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL")
  } catch (error) {
    // It ended by itself between the look and the kill.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error
  }
}
