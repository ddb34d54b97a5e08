/** The one place that spawns git: argv only, an environment of our own, limits on what it prints, exit codes as values. */
import { stat } from "node:fs/promises"
import type { Readable } from "node:stream"
import { fault, FaultError } from "../../domain/fault.ts"
import type { Child, Children } from "../../runtime/children.ts"
import { Tail } from "../../runtime/tail.ts"

export interface GitRun<Printed = string> {
  readonly code: number
  readonly stdout: Printed
  /** The end of what it said. */
  readonly stderr: string
  /** `stdout` is only the beginning: the limit was reached, and git was ended. */
  readonly cut: boolean
}

export interface GitOptions {
  readonly stdin?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly stdoutBytesMax?: number
  readonly signal?: AbortSignal | undefined
}

export interface Identity {
  readonly name: string
  readonly email: string
}
export const fleet: Identity = { name: "Fleet", email: "fleet@fleet.invalid" }

const stdoutBytesDefault = 64 << 20
const stderrCharsMax = 4_096
const endGraceMs = 2_000
/** A person's or a repository's configuration must not change what our own commands do. */
const configuration = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.quotePath=false",
  "core.safecrlf=false",
  "gc.auto=0",
  "maintenance.auto=false",
  "commit.gpgSign=false",
  "merge.conflictStyle=diff3",
  "merge.verifySignatures=false",
  "rerere.enabled=false",
  "submodule.recurse=false",
  "safe.bareRepository=all",
  "color.ui=false",
  "advice.detachedHead=false",
].flatMap((entry) => ["-c", entry])

export class Git {
  readonly #children: Children
  readonly #environment: Readonly<Record<string, string | undefined>>

  constructor(children: Children, environment: Readonly<Record<string, string | undefined>>) {
    this.#children = children
    this.#environment = ownEnvironment(environment)
  }

  /** Runs git to its end, whatever its exit code. Rejects when git cannot be started, and with the signal's reason when aborted. */
  async run(directory: string, args: readonly string[], options: GitOptions = {}): Promise<GitRun> {
    const result = await this.#run(directory, args, options)
    return { ...result, stdout: result.stdout.toString("utf8") }
  }

  async #run(directory: string, args: readonly string[], options: GitOptions): Promise<GitRun<Buffer>> {
    options.signal?.throwIfAborted()
    const env = { ...this.#environment, ...options.environment }
    const child = this.#children.start({ argv: ["git", ...configuration, ...args], cwd: directory, env })
    const stderr = new Tail(stderrCharsMax).follow(child.stderr)
    const stdout = gather(child, options.stdoutBytesMax ?? stdoutBytesDefault)
    const closed = closedOf(child.stderr)
    const abort = (): void => void child.end(endGraceMs)
    options.signal?.addEventListener("abort", abort, { once: true })
    child.stdin.end(options.stdin ?? "")
    try {
      const exit = await child.exited
      if (exit.failure !== null) throw await notStarted(directory, exit.failure)
      const { bytes, cut } = await stdout
      await closed
      options.signal?.throwIfAborted()
      return { code: exit.code ?? 128, stdout: bytes, stderr: stderr.toString(), cut }
    } finally {
      options.signal?.removeEventListener("abort", abort)
    }
  }

  /** What a command that must succeed prints. Takes no optional locks, so it never disturbs an agent. */
  async read(directory: string, args: readonly string[], options: GitOptions = {}): Promise<string> {
    return (await this.bytes(directory, args, options)).toString("utf8")
  }

  /** The same, as it came. */
  async bytes(directory: string, args: readonly string[], options: GitOptions = {}): Promise<Buffer> {
    const result = await this.#run(directory, args, { ...options, environment: { GIT_OPTIONAL_LOCKS: "0", ...options.environment } })
    // Asked first: a git that said too much was ended by us.
    if (result.cut)
      throw new FaultError(
        fault(
          "git-output-limit",
          `git ${args[0]} printed too much`,
          `more than its limit, in ${directory}`,
          "look at the repository for an unusual number of files",
        ),
      )
    if (result.code !== 0) throw gitFailed(directory, args, result)
    return result.stdout
  }

  /** The one line that a command prints, or null when it exits with anything but 0. */
  async ask(directory: string, args: readonly string[], signal?: AbortSignal): Promise<string | null> {
    const result = await this.run(directory, args, { environment: { GIT_OPTIONAL_LOCKS: "0" }, signal })
    return result.code === 0 ? result.stdout.replace(/\n$/, "") : null
  }

  /** True when the command exits with 0. */
  async holds(directory: string, args: readonly string[], signal?: AbortSignal): Promise<boolean> {
    return (await this.ask(directory, args, signal)) !== null
  }
}

export function gitFailed(directory: string, args: readonly string[], result: Pick<GitRun, "code" | "stderr">): FaultError {
  const why = result.stderr.trim() || `it exited with ${result.code}`
  return new FaultError(
    fault("git-failed", `git ${args.find((arg) => !arg.startsWith("-")) ?? ""} failed`, why, `see what is unusual there: git -C '${directory}' status`),
  )
}

/** Entries of `-z` output. */
export const entries = (text: string): string[] => text.split("\0").filter((entry) => entry !== "")

export const authoredBy = (author: Identity): Record<string, string> => ({ GIT_AUTHOR_NAME: author.name, GIT_AUTHOR_EMAIL: author.email })

/** `GIT_*`, inherited from a hook for example, aims git at the wrong repository. */
export function withoutGit(environment: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("GIT_")))
}

function ownEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return {
    ...withoutGit(environment),
    ...authoredBy(fleet),
    GIT_COMMITTER_NAME: fleet.name,
    GIT_COMMITTER_EMAIL: fleet.email,
    GIT_TERMINAL_PROMPT: "0",
    GIT_EDITOR: "true",
    LC_ALL: "C",
  }
}

async function gather(child: Child, bytesMax: number): Promise<{ bytes: Buffer; cut: boolean }> {
  const chunks: Buffer[] = []
  let size = 0
  child.stdout.on("data", (chunk: Buffer) => {
    const room = bytesMax - size
    size += chunk.length
    if (room > 0) chunks.push(chunk.subarray(0, room))
    if (size > bytesMax) void child.end(endGraceMs)
  })
  await closedOf(child.stdout)
  return { bytes: Buffer.concat(chunks), cut: size > bytesMax }
}

function closedOf(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    stream.once("close", resolve)
    stream.once("error", () => resolve())
  })
}

async function notStarted(directory: string, failure: NodeJS.ErrnoException): Promise<FaultError> {
  const there = await stat(directory).then(
    (found) => found.isDirectory(),
    () => false,
  )
  return there
    ? new FaultError(fault("git-missing", "git cannot be started", failure.message, "install git 2.38 or newer and put it on PATH"), { cause: failure })
    : new FaultError(fault("directory-missing", `there is no directory ${directory}`, "it was looked for and not found", "check the path"), { cause: failure })
}
