/**
 * Finds and ends what somebody started, by a mark in the environment. Process groups are not enough: the tool shells of agents
 * run in sessions of their own. Whoever starts something marks its environment; everything below inherits the mark.
 */
import { setTimeout as delay } from "node:timers/promises"
import { listProcesses, msPerTick, processFacts, type ListedProcess, type ProcessInfo } from "./processes.ts"

export type MarkedProcess = Pick<ProcessInfo, "pid" | "ppid" | "pgid" | "sid" | "startTicks" | "command">

export interface Mark {
  readonly name: string
  readonly value: string
}

export interface EndMarked extends Mark {
  /** Left alone, with what they started only when that is not marked itself. */
  readonly except?: readonly number[]
  /** From SIGTERM to SIGKILL. */
  readonly graceMs: number
}

export interface Ended {
  readonly ended: number
  /** Processes that were still there when we stopped looking: in uninterruptible sleep, or another user's. */
  readonly survivors: readonly number[]
}

const lookAgainMs = 20
/** How long SIGKILL may take to be seen. A loaded machine needs some; an uninterruptible process never obeys. */
const killLimitMs = 5_000

/** Living processes whose environment holds the mark, with any value when `value` is left out. Never this process. */
export async function findMarked(name: string, value?: string): Promise<MarkedProcess[]> {
  return (await listProcesses()).filter((listed) => isMarked(listed, name, value) && listed.pid !== process.pid).map(withoutEnvironment)
}

/** Living processes below `pids`, those themselves left out. */
export async function descendants(pids: readonly number[]): Promise<MarkedProcess[]> {
  return below(await listProcesses(), new Set(pids)).map(withoutEnvironment)
}

/** Processor time in milliseconds used by everything that is marked and still lives, with the children it waited for. For telling a stall from work. */
export async function cpuMsOfMarked(name: string, value: string): Promise<number> {
  const marked = (await listProcesses()).filter((listed) => isMarked(listed, name, value))
  return marked.reduce((sum, listed) => sum + listed.cpuTicks * msPerTick, 0)
}

/**
 * SIGTERM to everything that is marked, and to what was started below it though its environment was cleared; SIGKILL to what is
 * left after the grace; and looking again until nothing is found. Never ends this process or one that it descends from.
 */
export async function endMarked(what: EndMarked): Promise<Ended> {
  const seen = new Map<number, MarkedProcess>()
  let left = await look(what, seen)
  const terminated = new Set<MarkedProcess>()
  const graceEndsAt = performance.now() + what.graceMs
  while (left.length > 0 && performance.now() < graceEndsAt) {
    for (const found of left) if (!terminated.has(found)) signal(found, "SIGTERM", terminated)
    await delay(lookAgainMs)
    left = await look(what, seen)
  }
  const limitAt = performance.now() + killLimitMs
  while (left.length > 0 && performance.now() < limitAt) {
    for (const found of left) signal(found, "SIGKILL", terminated)
    await delay(lookAgainMs)
    left = await look(what, seen)
  }
  return { ended: seen.size - left.length, survivors: left.map((found) => found.pid) }
}

/** What is to be ended and lives now. `seen` keeps what was found before: a process that cleared its environment is lost sight of when its parent dies. */
async function look(what: EndMarked, seen: Map<number, MarkedProcess>): Promise<MarkedProcess[]> {
  const all = await listProcesses()
  const spared = new Set([...ancestors(all), ...(what.except ?? [])])
  const marked = all.filter((listed) => isMarked(listed, what.name, what.value) && !spared.has(listed.pid))
  // A child with another value of the same mark belongs to somebody else.
  const ours = all.filter((listed) => !spared.has(listed.pid) && !isMarked(listed, what.name))
  for (const found of [...marked, ...below(ours, new Set(marked.map((listed) => listed.pid)))]) {
    if (!isSame(seen.get(found.pid), found)) seen.set(found.pid, withoutEnvironment(found))
  }
  const living = new Map(all.map((listed) => [listed.pid, listed]))
  return [...seen.values()].filter((found) => isSame(living.get(found.pid), found))
}

function isMarked(listed: ListedProcess, name: string, value?: string): boolean {
  if (listed.environment === null) return false
  return value === undefined ? listed.environment.some((entry) => entry.startsWith(`${name}=`)) : listed.environment.includes(`${name}=${value}`)
}

function below(all: readonly ListedProcess[], roots: ReadonlySet<number>): ListedProcess[] {
  const byParent = Map.groupBy(all, (listed) => listed.ppid)
  const found = new Map<number, ListedProcess>()
  const pending = [...roots]
  for (let pid = pending.pop(); pid !== undefined; pid = pending.pop()) {
    for (const child of byParent.get(pid) ?? []) {
      if (found.has(child.pid) || roots.has(child.pid)) continue
      found.set(child.pid, child)
      pending.push(child.pid)
    }
  }
  return [...found.values()]
}

/** This process and those that it descends from. */
function ancestors(all: readonly ListedProcess[]): Set<number> {
  const parents = new Map(all.map((listed) => [listed.pid, listed.ppid]))
  const found = new Set<number>([1])
  for (let pid: number | undefined = process.pid; pid !== undefined && pid > 0 && !found.has(pid); pid = parents.get(pid)) found.add(pid)
  return found
}

/** Looks once more right before the signal, so that a pid that was given to another process meanwhile is left alone. */
function signal(target: MarkedProcess, name: NodeJS.Signals, told: Set<MarkedProcess>): void {
  told.add(target)
  if (process.platform === "linux" && !isSame(processFacts(target.pid) ?? undefined, target)) return
  try {
    process.kill(target.pid, name)
  } catch (error) {
    // Gone, or another user's: looking again tells which.
    const { code } = error as NodeJS.ErrnoException
    if (code !== "ESRCH" && code !== "EPERM") throw error
  }
}

function isSame(one: MarkedProcess | undefined, other: MarkedProcess): boolean {
  return one !== undefined && one.pid === other.pid && one.startTicks === other.startTicks
}

function withoutEnvironment({ pid, ppid, pgid, sid, startTicks, command }: MarkedProcess): MarkedProcess {
  return { pid, ppid, pgid, sid, startTicks, command }
}
