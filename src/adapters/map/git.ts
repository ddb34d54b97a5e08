/** Git as a map needs it: it only looks. Argv, an environment without `GIT_*`, no optional locks, a limit on time and on what it prints. */
import { execFile } from "node:child_process"
import { stat } from "node:fs/promises"
import { fault, FaultError } from "../../domain/fault.ts"
import { noDirectory, notARepository } from "../../domain/repository/not-a-repository.ts"

export interface Git {
  /** What it prints, as it came. Rejects with a `FaultError` (`map-git`) when it fails, takes too long or prints too much. */
  read(directory: string, args: readonly string[], stdin?: string): Promise<Buffer>
  /** The one line that it prints; null when it fails. */
  ask(directory: string, args: readonly string[]): Promise<string | null>
}

const timeoutMs = 30_000
const outputBytesMax = 256 << 20
/** What a person or a repository has configured must not change what is printed, nor start anything. */
const configuration = ["core.hooksPath=/dev/null", "core.fsmonitor=false", "core.quotePath=false", "log.showSignature=false", "submodule.recurse=false"]

export function openGit(environment: Readonly<Record<string, string | undefined>>): Git {
  const own = Object.entries(environment).filter(([name]) => !name.startsWith("GIT_"))
  const env = { ...Object.fromEntries(own), GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0", GIT_NO_LAZY_FETCH: "1", LC_ALL: "C" }
  const read: Git["read"] = (directory, args, stdin = "") =>
    new Promise((resolve, reject) => {
      const options = { cwd: directory, env, timeout: timeoutMs, killSignal: "SIGKILL", maxBuffer: outputBytesMax, encoding: "buffer" } as const
      const child = execFile("git", [...configuration.flatMap((entry) => ["-c", entry]), ...args], options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout)
        else reject(gitFault(directory, args, stderr.toString("utf8").trim() || error.message, error))
      })
      // Git may end before it has read all: that it failed is told by its exit code.
      child.stdin?.on("error", () => undefined)
      child.stdin?.end(stdin)
    })
  return {
    read,
    ask: (directory, args) =>
      read(directory, args).then(
        (printed) => printed.toString("utf8").replace(/\n$/, ""),
        () => null,
      ),
  }
}

/** Rejects with a `FaultError` where there is no repository, or not even a directory. */
export async function insistOnRepository(git: Git, directory: string): Promise<void> {
  if ((await stat(directory).catch(() => null))?.isDirectory() !== true) throw new FaultError(noDirectory(directory))
  if ((await git.ask(directory, ["rev-parse", "--git-common-dir"])) === null) throw new FaultError(notARepository(directory))
}

/** Entries of `-z` output. */
export const entriesOf = (printed: Buffer): string[] =>
  printed
    .toString("utf8")
    .split("\0")
    .filter((entry) => entry !== "")

function gitFault(directory: string, args: readonly string[], why: string, cause: Error): FaultError {
  const fix = `see what is unusual there: git -C '${directory}' status`
  return new FaultError(fault("map-git", `git ${args[0] ?? ""} failed in ${directory}`, why.slice(-500), fix), { cause })
}
