/** Runs the real `bin/fleet` as a person would, and keeps what it printed. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}
export interface FleetOptions {
  readonly home: string
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** All that it can read. */
  readonly stdin?: string
  /** Called with all that stderr has said so far, whenever it says more. */
  readonly onStderr?: (soFar: string, interrupt: () => void) => void
}

const program = fileURLToPath(new URL("../../../../bin/fleet", import.meta.url))

export async function fleet(args: readonly string[], options: FleetOptions): Promise<Ran> {
  const { NO_COLOR: _none, FORCE_COLOR: _forced, ...inherited } = process.env
  const child = spawn(program, args, {
    cwd: options.cwd ?? options.home,
    env: { ...inherited, LC_ALL: "C.UTF-8", FLEET_HOME: options.home, ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  })
  child.stdin.end(options.stdin ?? "")
  let stdout = ""
  let stderr = ""
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk))
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk
    options.onStderr?.(stderr, () => void child.kill("SIGINT"))
  })
  const [code] = (await once(child, "close")) as [number | null]
  return { code, stdout, stderr }
}

export const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>)
