/** One call of one command: its arguments and options, parsed. */
import type { CliContext } from "./context.ts"

/** Resolves to the exit code: an `ExitCode`, but for a command that passes on that of a program which it ran for somebody. */
export type Handler = (invocation: Invocation) => Promise<number>

export class Invocation {
  readonly context: CliContext
  /** In order; those of a variadic argument one after the other. */
  readonly args: readonly string[]
  readonly #options: Readonly<Record<string, unknown>>
  constructor(context: CliContext, args: readonly string[], options: Readonly<Record<string, unknown>>) {
    this.context = context
    this.args = args
    this.#options = options
  }

  get json(): boolean {
    return this.flag("json")
  }
  flag(name: string): boolean {
    return this.#options[name] === true
  }
  text(name: string): string | null {
    const value = this.#options[name]
    return typeof value === "string" ? value : null
  }
  /** The values of an option that takes several. */
  texts(name: string): readonly string[] {
    const value = this.#options[name]
    return Array.isArray(value) ? value.filter((one) => typeof one === "string") : []
  }
  number(name: string): number | null {
    const value = this.#options[name]
    return typeof value === "number" ? value : null
  }
  arg(index: number): string | null {
    return this.args[index] ?? null
  }
  /** An argument that the command line cannot lack. */
  required(index: number): string {
    const value = this.args[index]
    if (value === undefined) throw new Error(`argument ${index} is declared as required but missing`)
    return value
  }
}
