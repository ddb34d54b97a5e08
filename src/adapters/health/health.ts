/** Looks at the health of a repository with its own commands, in its own checkout, and changes nothing; what a command changes is said. */
import type { CommandFinding, HealthFindings } from "../../domain/health/health.ts"
import { Children } from "../../runtime/children.ts"
import { plainText } from "../../runtime/plain-text.ts"
import type { Health } from "../../worker/ports/health.ts"
import { audit } from "./audit.ts"
import { staleBranches } from "./branches.ts"
import { runOwn } from "./command.ts"
import { detectCommands, type OwnCommands } from "./detect.ts"
import { Programs } from "./programs.ts"
import { todos } from "./todos.ts"
import { changedSince, trackedState } from "./tracked.ts"

export interface HealthOptions {
  /** The whole environment of what is run; `GIT_*` is left out, `CI` and `NO_COLOR` are added. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Epoch milliseconds. */
  readonly now: () => number
  /** The commands that the project's harness.json names, and what is wrong with that file. */
  readonly configured: (root: string) => Promise<{ readonly commands: OwnCommands; readonly notice: string | null }>
  /** For each command by itself. Default: 300 seconds (C.1.42). */
  readonly timeoutMs?: number
}

const timeoutMsDefault = 300_000

export function openHealth(options: HealthOptions): Health {
  return { diagnose: (root, signal, told) => diagnose(options, root, signal, told) }
}

async function diagnose(options: HealthOptions, root: string, signal: AbortSignal, told: (step: string) => void): Promise<HealthFindings> {
  await using children = new Children()
  const environment = Object.fromEntries(Object.entries(options.environment).filter(([name]) => !name.startsWith("GIT_")))
  const programs = new Programs({ directory: root, environment, children, signal })
  const timeoutMs = options.timeoutMs ?? timeoutMsDefault
  const { commands, notice } = await options.configured(root)
  const own = await detectCommands(root, commands)
  const tracked = new Set((await programs.git("ls-files", "-z"))?.split("\0") ?? [])
  const notices = notice === null ? [] : [notice]
  // One after the other: together they would take each other's processors, and time out.
  const run = async (what: string, command: string | null): Promise<CommandFinding> => {
    if (command !== null) told(`${what}: ${command}`)
    const before = await trackedState(programs, root)
    const finding = await runOwn(programs, command, what, timeoutMs, tracked)
    const changed = changedSince(before, await trackedState(programs, root))
    if (command !== null && changed.length > 0) notices.push(changedText(command, changed))
    return finding
  }
  const [typecheck, tests, lint] = [await run("types", own.typecheck), await run("tests", own.test), await run("lint", own.lint)]
  told("known vulnerabilities")
  const vulnerable = await audit(programs, own.packageManager, timeoutMs)
  told("TODOs and branches")
  return { typecheck, tests, lint, audit: vulnerable, todos: await todos(programs), staleBranches: await staleBranches(programs, options.now()), notices }
}

function changedText(command: string, changed: readonly string[]): string {
  const names = changed.slice(0, 5).map((name) => plainText(name, { oneLine: true, maxChars: 200 }))
  const more = changed.length > names.length ? ` and ${changed.length - names.length} more` : ""
  return `\`${command}\` changed tracked files, or somebody did meanwhile: ${names.join(", ")}${more}`
}
