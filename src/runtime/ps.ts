/** Lists processes where there is no `/proc`, by `ps`. The environment is cut out of the printed command line, so it is an approximation. */
import { execFile } from "node:child_process"
import { promisify } from "node:util"
import type { ListedProcess } from "./processes.ts"

const outputBytesMax = 32 * 1024 * 1024

export async function listByPs(): Promise<ListedProcess[]> {
  const columns = "pid=,ppid=,pgid=,sess=,stat=,time=,lstart=,command="
  const { stdout } = await promisify(execFile)("ps", ["axeww", "-o", columns], { maxBuffer: outputBytesMax, env: { LC_ALL: "C", PATH: "/bin:/usr/bin" } })
  return stdout.split("\n").flatMap((line) => parsePsLine(line) ?? [])
}

const psLine = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+([\d:.-]+)\s+(\w{3} \w{3}\s+\d+ [\d:]{8} \d{4})\s+(.*)$/

/** Null for a line that is no process, and for a zombie. */
export function parsePsLine(line: string): ListedProcess | null {
  const [, pid, ppid, pgid, sess, stat, time, start, command] = psLine.exec(line) ?? []
  if (pid === undefined || command === undefined || time === undefined || stat === undefined || stat.startsWith("Z")) return null
  return {
    pid: Number(pid),
    ppid: Number(ppid),
    pgid: Number(pgid),
    // macOS prints an address here; it is only ever compared.
    sid: Number.parseInt(sess ?? "0", 16),
    startTicks: Date.parse(start ?? ""),
    command: (command.split(" ")[0] ?? "").slice(0, 200),
    cpuTicks: ticksOf(time),
    environment: command.split(" "),
  }
}

/** `[days-][hours:]minutes:seconds[.hundredths]` in hundredths of a second. */
function ticksOf(time: string): number {
  const [clock = "", days = "0"] = time.split("-").toReversed()
  const seconds = clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0)
  return Math.round((Number(days) * 86_400 + seconds) * 100)
}
