/** Runs one of the repository's own commands and says what that shows. */
import { evidenceCharsMax, filesMax, type CommandFinding } from "../../domain/health/health.ts"
import type { Programs, Ran } from "./programs.ts"

/** `tracked`: the files of the repository, to find their names in the output. */
export async function runOwn(
  programs: Programs,
  command: string | null,
  what: string,
  timeoutMs: number,
  tracked: ReadonlySet<string>,
): Promise<CommandFinding> {
  if (command === null) return { status: "unknown", why: `no command for ${what} was found`, command, timedOut: false, evidence: "", files: [] }
  const ran = await programs.line(command, { timeoutMs })
  const evidence = ran.output.slice(-evidenceCharsMax).toWellFormed()
  return { ...verdict(ran, command, timeoutMs), command, timedOut: ran.timedOut, evidence, files: filesIn(ran.output, tracked) }
}

/** 126 and 127 are the shell's: it could not start the program. So nothing is known of what that would have said. */
function verdict(ran: Ran, command: string, timeoutMs: number): Pick<CommandFinding, "status" | "why"> {
  if (ran.timedOut) return { status: "unknown", why: `it did not end within ${timeoutMs / 1_000} s and was ended` }
  if (ran.notStarted) return { status: "unknown", why: "no shell could be started in that directory" }
  if (ran.code === 126 || ran.code === 127) return { status: "unknown", why: "its program is not installed here, or may not be started" }
  if (ran.code === 5 && /\bpytest\b/.test(command)) return { status: "unknown", why: "it found no tests" }
  if (ran.code === null) return { status: "problem", why: "it was ended by a signal" }
  const seconds = (ran.elapsedMs / 1_000).toFixed(1)
  return ran.code === 0 ? { status: "ok", why: `it passed in ${seconds} s` } : { status: "problem", why: `it failed with exit code ${ran.code}` }
}

const pathCharsMax = 1_000

/** Words of the output that are tracked files, as they stand or below a directory that the output names absolutely. */
function filesIn(output: string, tracked: ReadonlySet<string>): string[] {
  const found = new Set<string>()
  for (const [word] of output.matchAll(/[\w@.][\w@.+-]*(?:\/[\w@.+[\]-]+)*/g)) {
    if (found.size >= filesMax) break
    if (word.length > pathCharsMax) continue
    const name = word.replace(/^\.\//, "").replace(/\.$/, "")
    if (tracked.has(name)) found.add(name)
    else for (let cut = name.indexOf("/"); cut >= 0; cut = name.indexOf("/", cut + 1)) if (tracked.has(name.slice(cut + 1))) found.add(name.slice(cut + 1))
  }
  return [...found]
}
