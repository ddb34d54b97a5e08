/** How fast the command line answers when it has nothing to do: what a person feels at every completion. */
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import type { Row } from "./row.ts"

const program = fileURLToPath(new URL("../bin/fleet", import.meta.url))
const rounds = 9

export async function benchStart(): Promise<Row[]> {
  return [row("fleet --version", ["--version"]), row("fleet completion bash", ["completion", "bash"])]
}

function row(name: string, args: readonly string[]): Row {
  const times = Array.from({ length: rounds }, () => once(args)).sort((a, b) => a - b)
  const median = times[Math.floor(rounds / 2)] ?? Number.NaN
  return {
    name: `start: ${name}`,
    value: `median ${Math.round(median)} ms (${Math.round(times[0] ?? 0)} to ${Math.round(times.at(-1) ?? 0)}, ${rounds} starts)`,
    target: "< 150 ms",
    ok: median < 150,
  }
}

function once(args: readonly string[]): number {
  const start = performance.now()
  const { status } = spawnSync(program, args, { stdio: "ignore" })
  if (status !== 0) throw new Error(`fleet ${args.join(" ")} ended with ${status}`)
  return performance.now() - start
}
