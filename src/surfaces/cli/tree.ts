/** Builds the commander tree from the table of commands. Knows nothing of what the commands do. */
import { Argument, Command, InvalidArgumentError, Option } from "commander"
import { commands, type CommandSpec, type OptionSpec } from "./commands.ts"
import type { Handler } from "./invocation.ts"

/** Called when a command was found and its words parsed. */
export type Dispatch = (load: () => Promise<Handler>, args: readonly string[], options: Readonly<Record<string, unknown>>) => Promise<void>

export interface TreeOutput {
  readonly out: (text: string) => void
  readonly columns: number
}

export function buildTree(version: string, dispatch: Dispatch, output: TreeOutput): Command {
  const program = new Command("fleet")
    .description("Runs many coding agents at once on your repositories without them stepping on each other, and lands what they make.")
    .version(version, "-V, --version", "print the version")
    .option("--no-color", "no colours (also NO_COLOR)")
    .usage("<command> [options]")
    .addHelpText("after", "\nExample:\n  fleet run plan.yaml\n\nMore: fleet help <command>, fleet help exit-codes")
    .helpCommand(false)
    .exitOverride()
    // Errors are told by the caller, in the one form that all errors have.
    .configureOutput({ writeOut: output.out, writeErr: () => undefined, outputError: () => undefined, getOutHelpWidth: () => output.columns })
    .showSuggestionAfterError(true)
  for (const spec of commands) add(program, spec, dispatch)
  return program
}

function add(parent: Command, spec: CommandSpec, dispatch: Dispatch): void {
  const command = parent.command(spec.name, { hidden: spec.hidden ?? false }).description(spec.summary)
  command.helpCommand(false).addHelpText("after", exampleText(spec))
  for (const [notation, description] of spec.args ?? []) command.addArgument(new Argument(notation, description))
  for (const option of spec.options ?? []) command.addOption(optionOf(option))
  for (const child of spec.commands ?? []) add(command, child, dispatch)
  if (spec.passThrough === true) command.allowUnknownOption().allowExcessArguments()
  const { load } = spec
  if (load === undefined) return
  if (spec.json !== false) command.option("--json", "print JSON, with schema_version")
  command.option("--no-color", "no colours (also NO_COLOR)")
  command.action(() => dispatch(load, command.args, command.opts()))
}

const exampleText = (spec: CommandSpec): string => `\nExample${spec.examples.length > 1 ? "s" : ""}:\n${spec.examples.map((line) => `  ${line}`).join("\n")}`

function optionOf(spec: OptionSpec): Option {
  const option = new Option(spec.flags, spec.description)
  if (spec.choices !== undefined) option.choices(spec.choices)
  if (spec.default !== undefined) option.default(spec.default)
  if (spec.kind === "count") option.argParser(count)
  if (spec.kind === "list") option.argParser(listed)
  return option
}

const countMax = 1_000

function count(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < 1 || value > countMax) throw new InvalidArgumentError(`It must be a whole number from 1 to ${countMax}.`)
  return value
}

const listMax = 100

function listed(text: string, before: unknown): string[] {
  const known = Array.isArray(before) ? before.filter((one) => typeof one === "string") : []
  if (known.length >= listMax) throw new InvalidArgumentError(`It may be given ${listMax} times.`)
  return [...known, text]
}
