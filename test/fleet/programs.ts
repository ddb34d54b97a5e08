/** Small programs as agents of a scenario: the config.yaml that names them, and words for what they leave running. */
import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"

export interface ProgramAgent {
  readonly driver: "command" | "acp"
  /** File in `test/fixtures/programs`, and its arguments. */
  readonly program: readonly [string, ...string[]]
  readonly more?: Record<string, unknown>
}

export const command = (...program: [string, ...string[]]): ProgramAgent => ({ driver: "command", program })
export const acp = (...program: [string, ...string[]]): ProgramAgent => ({ driver: "acp", program })

/** JSON is YAML. The scripted agent stays the default, so that the rest of a run is in good hands. */
export function configWith(agents: Readonly<Record<string, ProgramAgent>>, defaults: Record<string, unknown> = {}): string {
  const described = Object.entries(agents).map(([name, { driver, program, more }]) => [name, { driver, argv: argvOf(program), ...more }])
  return JSON.stringify({ agents: Object.fromEntries(described), defaults: { agent: "scripted", retries: 0, ...defaults } })
}

function argvOf([file, ...rest]: ProgramAgent["program"]): string[] {
  return [process.execPath, fileURLToPath(new URL(`../fixtures/programs/${file}`, import.meta.url)), ...rest]
}

/** The most memory that a process ever had resident, in MiB. Linux. */
export async function peakMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8")
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024
}
