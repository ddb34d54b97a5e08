/** Looks whether an agent can be used here: its program, its version, signs of a login. Facts for `fleet agents` and `fleet doctor`. */
import { access } from "node:fs/promises"
import path from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import type { Children } from "../../runtime/children.ts"
import { Tail } from "../../runtime/tail.ts"
import { findProgram } from "./command/program.ts"
import { movedBy } from "./known.ts"
import type { RegisteredAgent } from "./registry.ts"

export interface Probe {
  readonly name: string
  /** Absolute path of its program, null when it is not there. */
  readonly program: string | null
  /** Null when it is not there or did not say. */
  readonly version: string | null
  /** unknown: we know no sign of it, or saw none where the login may lie elsewhere (a keychain). */
  readonly login: "seen" | "unknown" | "not-needed"
  readonly install: string
  readonly loginHint: string
}

/** `environment` is the one that the agent would get; `home` its home directory. */
export async function probeAgent(
  agent: RegisteredAgent,
  environment: Readonly<Record<string, string>>,
  home: string,
  children: Children,
  limitMs: number,
): Promise<Probe> {
  const { entry, known } = agent
  const program = await findProgram(entry.argv[0], environment["PATH"] ?? "", home)
  const versionArgv = known?.versionArgv ?? [entry.argv[0], "--version"]
  const version = program === null ? null : await versionOf([program, ...versionArgv.slice(1)], { ...environment, ...entry.env }, home, children, limitMs)
  return {
    name: entry.name,
    program,
    version,
    login: await loginOf(agent, environment, home),
    install: known?.install ?? `correct agents.${entry.name}.argv in the config`,
    loginHint: known?.loginHint ?? "see its own documentation",
  }
}

async function versionOf(
  argv: [string, ...string[]],
  env: Readonly<Record<string, string>>,
  cwd: string,
  children: Children,
  limitMs: number,
): Promise<string | null> {
  const child = children.start({ argv, cwd, env })
  child.stdin.end()
  const output = new Tail(4_000).follow(child.stdout).follow(child.stderr)
  const ended = await Promise.race([child.exited, delay(limitMs, null, { ref: false })])
  await child.end(0)
  return ended === null ? null : (/\d+\.\d+(?:\.\d+)?[\w.+-]*/.exec(output.toString())?.[0] ?? null)
}

async function loginOf({ entry, known }: RegisteredAgent, environment: Readonly<Record<string, string>>, home: string): Promise<Probe["login"]> {
  const signs = known?.login
  if (signs == null) return "unknown"
  if (signs.env.length + signs.files.length === 0) return "not-needed"
  const keys = { ...environment, ...entry.env }
  if (signs.env.some((name) => (keys[name] ?? "") !== "")) return "seen"
  for (const file of signs.files) {
    const there = await access(placeOf(file, home, keys)).then(
      () => true,
      () => false,
    )
    if (there) return "seen"
  }
  return "unknown"
}

function placeOf(file: string, home: string, environment: Readonly<Record<string, string>>): string {
  for (const [directory, variable] of movedBy) {
    const moved = environment[variable] ?? ""
    if (moved !== "" && file.startsWith(`${directory}/`)) return path.join(moved, file.slice(directory.length))
  }
  return path.join(home, file)
}
