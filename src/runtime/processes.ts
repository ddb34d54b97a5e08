/** What the operating system says about processes, read anew on every call. Linux is asked through `/proc`, others through `ps`. */
import { readdir, readFile } from "node:fs/promises"
import { readFileSync } from "node:fs"

export interface ProcessInfo {
  readonly pid: number
  readonly ppid: number
  readonly pgid: number
  readonly sid: number
  /** When it started, in the system's own unit. Only good for telling a process from a later one with the same pid. */
  readonly startTicks: number
  readonly command: string
  /** User and system time so far, of the process and of the children it has waited for. */
  readonly cpuTicks: number
}

/** A living process with the environment it was started with; null when that is not ours to read. */
export interface ListedProcess extends ProcessInfo {
  readonly environment: readonly string[] | null
}

/** One tick of `cpuTicks`. The kernel shows 100 ticks a second to programs on every architecture that Node runs on. */
export const msPerTick = 10

/** Other people's processes may be many: this many files of `/proc` are open at once. */
const readsAtOnce = 32

/** Every living process. A zombie is not alive. */
export async function listProcesses(): Promise<ListedProcess[]> {
  if (process.platform !== "linux") return (await import("./ps.ts")).listByPs()
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number)
  const found: ListedProcess[] = []
  const readers = Array.from({ length: readsAtOnce }, async () => {
    for (let pid = pids.pop(); pid !== undefined; pid = pids.pop()) {
      const listed = await readProcess(pid)
      if (listed !== null) found.push(listed)
    }
  })
  await Promise.all(readers)
  return found
}

/** Null when there is no such living process. */
export function processFacts(pid: number): ProcessInfo | null {
  if (process.platform !== "linux") return null
  try {
    return parseStat(pid, readFileSync(`/proc/${pid}/stat`, "latin1"))
  } catch {
    return null
  }
}

async function readProcess(pid: number): Promise<ListedProcess | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => null)
  const info = stat === null ? null : parseStat(pid, stat)
  if (info === null) return null
  const environ = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => null)
  return { ...info, environment: environ === null ? null : environ.split("\0") }
}

/** The name in parentheses may hold spaces and parentheses itself, so fields are counted from the last `)`. */
export function parseStat(pid: number, stat: string): ProcessInfo | null {
  const close = stat.lastIndexOf(")")
  const [state, ...rest] = stat.slice(close + 2).split(" ")
  if (close < 0 || state === "Z" || state === "X" || state === "x") return null
  const field = (number: number): number => Number(rest[number - 4])
  return {
    pid,
    ppid: field(4),
    pgid: field(5),
    sid: field(6),
    startTicks: field(22),
    command: stat.slice(stat.indexOf("(") + 1, close),
    cpuTicks: field(14) + field(15) + field(16) + field(17),
  }
}
