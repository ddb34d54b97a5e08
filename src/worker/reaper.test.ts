import { randomUUID } from "node:crypto"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { expect, onTestFinished, test } from "vitest"
import { eventually } from "../../test/eventually.ts"
import { Children, type Child } from "../runtime/children.ts"
import { descendants, endMarked, findMarked } from "../runtime/marked.ts"
import { processFacts } from "../runtime/processes.ts"
import { startReaper } from "./reaper.ts"

const path = (relative: string): string => new URL(relative, import.meta.url).pathname
const entry = path("../main/reaper.ts")
const agent = path("../../test/fixtures/programs/forks-grandchildren.mjs")
const worker = path("../../test/fixtures/programs/worker-with-reaper.ts")

function newBoot(): string {
  const boot = randomUUID()
  onTestFinished(async () => {
    await endMarked({ name: "FLEET_WORKER", value: boot, graceMs: 0 })
  })
  return boot
}

/** While Node starts, a signal still ends the reaper (and the worker starts another). Node itself catches SIGTERM and SIGINT to die politely; SIGHUP is the last that the reaper takes over. */
function isReady(pid: number): boolean {
  const mask = /^SigCgt:\s*([0-9a-f]+)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? "0"
  return (BigInt(`0x${mask}`) & 1n) !== 0n
}

/** Starts a worker process with one agent and gives the pids it tells. */
async function startWorker(children: Children, boot: string): Promise<{ child: Child; reaper: number }> {
  const child = children.start({ argv: [process.execPath, worker, boot, entry, agent], cwd: "/", env: { PATH: process.env.PATH } })
  const [line] = (await once(child.stdout, "data")) as [Buffer]
  return { child, reaper: Number(line.toString()) }
}

test("when the worker is killed, all that its agents started is ended, and the reaper goes too", async () => {
  await using children = new Children()
  const boot = newBoot()
  const { child, reaper } = await startWorker(children, boot)
  const marked = await findMarked("FLEET_WORKER", boot)
  expect(marked.length).toBeGreaterThanOrEqual(3)
  expect(marked.map((found) => found.pid)).not.toContain(reaper)
  process.kill(child.pid ?? 0, "SIGKILL")
  await eventually("the reaper is gone", () => processFacts(reaper) === null)
  expect(await findMarked("FLEET_WORKER", boot)).toEqual([])
})

test("signals do not end the reaper before the worker", async () => {
  await using children = new Children()
  const boot = newBoot()
  const { child, reaper } = await startWorker(children, boot)
  await eventually("the reaper is there", () => isReady(reaper))
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.kill(reaper, signal)
  process.kill(child.pid ?? 0, "SIGKILL")
  await eventually("nothing marked is left", async () => (await findMarked("FLEET_WORKER", boot)).length === 0)
  await eventually("the reaper is gone", () => processFacts(reaper) === null)
})

test("a reaper that dies is started again, and disposing waits for the last sweep", async () => {
  await using children = new Children()
  const boot = newBoot()
  const reaper = startReaper({ boot, node: process.execPath, entry, environment: { ...process.env, FLEET_WORKER: boot } })
  const first = reaper.pid ?? 0
  process.kill(first, "SIGKILL")
  const second = await eventually("another reaper", () => reaper.pid !== first && reaper.pid)
  const child = children.start({ argv: [process.execPath, agent], cwd: "/", env: { PATH: process.env.PATH, FLEET_WORKER: boot } })
  await once(child.stdout, "data")
  await reaper[Symbol.asyncDispose]()
  expect(await findMarked("FLEET_WORKER", boot)).toEqual([])
  expect(processFacts(second)).toBeNull()
})

test("when no reaper can be started, disposing sweeps all the same", async () => {
  await using children = new Children()
  const boot = newBoot()
  const reaper = startReaper({ boot, node: "/no/such/node", entry, environment: {} })
  const child = children.start({ argv: [process.execPath, agent], cwd: "/", env: { PATH: process.env.PATH, FLEET_WORKER: boot } })
  await once(child.stdout, "data")
  await reaper[Symbol.asyncDispose]()
  expect(await findMarked("FLEET_WORKER", boot)).toEqual([])
  expect((await descendants([process.pid])).map((found) => found.pid)).not.toContain(child.pid)
})
