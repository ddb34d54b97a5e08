/** What this machine says of the pid in an instance's file. */
import { readFile } from "node:fs/promises"
import { msPerTick, processFacts } from "../../runtime/processes.ts"

/** Boot time is only known to the second. */
const toleranceMs = 5_000

/** `gone` also when a process has the pid that started after the instance was registered: it is another one. `since`: when that was, if known. */
export async function processLife(pid: number | null, since: number | null): Promise<"alive" | "gone" | "unknown"> {
  if (pid === null) return "unknown"
  if (!exists(pid)) return "gone"
  const startedAt = await startOf(pid)
  if (startedAt === "gone") return "gone"
  return startedAt !== null && since !== null && startedAt > since + toleranceMs ? "gone" : "alive"
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Another user's: it is there.
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}

/** Null where there is no `/proc`. */
async function startOf(pid: number): Promise<number | "gone" | null> {
  if (process.platform !== "linux") return null
  const facts = processFacts(pid)
  if (facts === null) return "gone"
  const stat = await readFile("/proc/stat", "latin1").catch(() => "")
  const boot = /^btime (\d+)$/m.exec(stat)?.[1]
  return boot === undefined ? null : Number(boot) * 1_000 + facts.startTicks * msPerTick
}
