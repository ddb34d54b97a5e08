/** Runs programs and shell lines in a repository, each with a limit in time and output; whatever one started is gone when its result is told. */
import { randomUUID } from "node:crypto"
import type { Child, Children } from "../../runtime/children.ts"
import { endMarked } from "../../runtime/marked.ts"
import { plainText } from "../../runtime/plain-text.ts"
import { Tail } from "../../runtime/tail.ts"
import { drained, exitOrStop } from "../../runtime/ended.ts"

export interface ProgramsOptions {
  readonly directory: string
  /** The whole environment, without `GIT_*`. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly children: Children
  readonly signal: AbortSignal
}

export interface Ran {
  /** Null: ended by a signal or by us, or never started. */
  readonly code: number | null
  readonly timedOut: boolean
  /** It said more on stdout than may be kept, and was ended. */
  readonly cut: boolean
  readonly stdout: string
  /** The end of stdout and stderr as they came, stripped of control sequences. */
  readonly output: string
  readonly notStarted: boolean
  readonly elapsedMs: number
}

const mark = "FLEET_HEALTH"
const graceMs = 2_000
const tailCharsMax = 32_000
const gitTimeoutMs = 60_000
const gitBytesMax = 16 << 20

export class Programs {
  readonly #options: ProgramsOptions
  constructor(options: ProgramsOptions) {
    this.#options = options
  }

  get signal(): AbortSignal {
    return this.#options.signal
  }

  /** A line for `/bin/sh -c`. */
  line(command: string, limits: { readonly timeoutMs: number; readonly stdoutBytesMax?: number }): Promise<Ran> {
    return this.#run(["/bin/sh", "-c", command], { CI: "1", NO_COLOR: "1" }, limits.timeoutMs, limits.stdoutBytesMax ?? 0)
  }

  /** What git prints, or null when it fails, takes too long or says too much. Takes no optional locks, so it disturbs nobody. */
  async git(...args: readonly string[]): Promise<string | null> {
    const configuration = ["-c", "core.fsmonitor=false", "-c", "core.quotePath=false", "-c", "color.ui=false"]
    const environment = { GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" }
    const ran = await this.#run(["git", ...configuration, ...args], environment, gitTimeoutMs, gitBytesMax)
    return ran.code === 0 && !ran.cut ? ran.stdout : null
  }

  async #run(argv: readonly [string, ...string[]], added: Readonly<Record<string, string>>, timeoutMs: number, stdoutBytesMax: number): Promise<Ran> {
    const { directory, environment, children, signal } = this.#options
    signal.throwIfAborted()
    const startedAt = performance.now()
    const value = randomUUID()
    const child = children.start({ argv, cwd: directory, env: { ...environment, ...added, [mark]: value } })
    const stdout = new Head(child, stdoutBytesMax)
    const tail = new Tail(tailCharsMax).follow(child.stdout).follow(child.stderr)
    child.stdin.end()
    const stopped = await exitOrStop(Promise.race([child.exited, stdout.full]), timeoutMs, signal)
    const exit = await child.end(stopped === "exited" ? 0 : graceMs)
    await endMarked({ name: mark, value, graceMs: stopped === "exited" ? 200 : 0 })
    await drained(child)
    signal.throwIfAborted()
    const timedOut = stopped === "timeout"
    return {
      code: timedOut || stdout.cut ? null : exit.code,
      timedOut,
      cut: stdout.cut,
      stdout: stdout.toString(),
      output: plainText(tail.toString()),
      notStarted: exit.failure !== null,
      elapsedMs: Math.round(performance.now() - startedAt),
    }
  }
}

/** The beginning of what a program prints on stdout, up to a limit. Without a limit nothing is kept. */
class Head {
  readonly full: Promise<void>
  #text = ""
  cut = false
  constructor(child: Child, charsMax: number) {
    this.full = new Promise((resolve) => {
      if (charsMax === 0) return
      child.stdout.setEncoding("utf8")
      child.stdout.on("data", (chunk: string) => {
        if (this.#text.length + chunk.length <= charsMax) this.#text += chunk
        else {
          this.cut = true
          resolve()
        }
      })
    })
  }
  toString(): string {
    return this.#text
  }
}
