/**
 * A hub for tests that only records: appends every line it hears to a file before it acknowledges, and hands on the jobs it reads from
 * stdin. Killed and started again it goes on where its file ends. Arguments: the socket, the file.
 */
import { appendFileSync, existsSync, readFileSync, writeSync } from "node:fs"
import { createInterface } from "node:readline"
import { listenForWorkers } from "../../src/adapters/workers/socket.ts"
import { FaultError } from "../../src/domain/fault.ts"
import type { WorkerId } from "../../src/domain/ids.ts"
import type { Job } from "../../src/domain/worker/job.ts"
import type { Query, SequencedReport } from "../../src/protocol/worker.ts"

export type Recorded =
  | { readonly type: "connected"; readonly boot: string; readonly pid: number; readonly agents: readonly string[]; readonly slots: number }
  | { readonly type: "disconnected"; readonly boot: string }
  | { readonly type: "reported"; readonly boot: string; readonly report: SequencedReport }
  | { readonly type: "progress"; readonly activity: string; readonly files: number | null }
  | { readonly type: "answer"; readonly answer: unknown }
export type Told = { readonly job: Job } | { readonly query: Query } | { readonly shutdown: true }

const [, , socket = "", file = ""] = process.argv
let worker: WorkerId | null = null
const unsent: Job[] = []

/** On disk for good first, then to whoever reads along. */
function record(line: Recorded): void {
  const text = `${JSON.stringify(line)}\n`
  appendFileSync(file, text)
  try {
    writeSync(1, text)
  } catch {
    // Nobody reads along any more.
  }
}

function lastOf(boot: string): number {
  if (!existsSync(file)) return 0
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Recorded)
  return Math.max(0, ...lines.map((line) => (line.type === "reported" && line.boot === boot ? line.report.sequence : 0)))
}

const workers = await listenForWorkers({
  path: socket,
  noticed: (notice) => process.stderr.write(`${notice.code}: ${notice.why}\n`),
  listener: {
    connected: async (hello) => {
      worker = hello.worker
      const agents = hello.agents.map((agent) => agent.name)
      record({ type: "connected", boot: hello.boot, pid: hello.pid, agents, slots: hello.slots })
      for (const job of unsent.splice(0)) workers.send(hello.worker, job)
      return lastOf(hello.boot)
    },
    disconnected: async (_worker, boot) => {
      worker = null
      record({ type: "disconnected", boot })
    },
    reported: async (_worker, boot, report) => record({ type: "reported", boot, report }),
    progressed: (_worker, progress) => record({ type: "progress", activity: progress.activity, files: progress.files }),
  },
})
writeSync(1, "\n")

createInterface({ input: process.stdin }).on("line", (line) => {
  const told = JSON.parse(line) as Told
  if ("job" in told) {
    if (worker === null) unsent.push(told.job)
    else workers.send(worker, told.job)
  } else if (worker !== null) {
    if ("shutdown" in told) workers.shutdown(worker)
    else
      void workers.ask(worker, told.query).then(
        (answer) => record({ type: "answer", answer }),
        (error: unknown) => record({ type: "answer", answer: error instanceof FaultError ? { ok: false, fault: error.fault } : String(error) }),
      )
  }
})
