/** All that the CLI may touch of the world, handed in by `main/cli.ts`. Nothing in this folder reads the environment or asks where home is. */

export interface CliContext {
  /** Without the program and the script. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** The person's home directory. */
  readonly userHome: string
  readonly version: string
  /** Fleet's state on this machine; absolute. */
  readonly home: string
  /** Mark of every process that the local worker of this home has started. */
  readonly homeId: string
  /** The mark of another home. */
  readonly homeIdOf: (home: string) => string
  /** The person's configuration file; absolute, may be missing. */
  readonly config: string
  readonly stdin: CliInput
  readonly stdout: CliOutput
  readonly stderr: CliOutput
  readonly programs: Programs
  /** The process that the CLI runs in: its signals are how a person interrupts it. */
  readonly signals: SignalSource
  readonly now: () => number
}

/** What the CLI starts: the runtime, and the entry files of the other processes. */
export interface Programs {
  readonly node: string
  /** The CLI itself, for what runs on without it. */
  readonly cli: string
  readonly hub: string
  readonly worker: string
  readonly scriptedAgent: string
}

export interface CliOutput {
  write(text: string, written?: () => void): boolean
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
  on(event: "resize", listener: () => void): unknown
  off(event: "resize", listener: () => void): unknown
}

export interface CliInput extends NodeJS.ReadableStream {
  readonly isTTY?: boolean
  setRawMode?(raw: boolean): unknown
  ref?(): unknown
  unref?(): unknown
}

export interface SignalSource {
  on(signal: NodeJS.Signals | "exit", listener: () => void): unknown
  off(signal: NodeJS.Signals | "exit", listener: () => void): unknown
}

/** Both ends are a person's terminal, so a question can be asked. */
export function canAsk(context: CliContext): boolean {
  return context.stdin.isTTY === true && context.stderr.isTTY === true
}
