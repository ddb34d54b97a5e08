/** What can be completed after each command: its subcommands, its options, and the kind of its argument. Read off the commander tree. */
import type { Command, Option } from "commander"

export interface Completions {
  /** The words of the command, without `fleet`; empty for `fleet` itself. */
  readonly path: readonly string[]
  readonly summary: string
  readonly commands: readonly Word[]
  readonly options: readonly OptionWord[]
  readonly argument: ArgumentKind
}
export interface Word {
  readonly word: string
  readonly summary: string
}
export interface OptionWord extends Word {
  readonly short: string | null
  /** Null: it takes no value. */
  readonly value: readonly string[] | "file" | "any" | null
}
/** `run`, `task` and `approval` are asked of the hub. */
export type ArgumentKind = "none" | "file" | "run" | "task" | "approval" | readonly string[]

export function completionsOf(command: Command, path: readonly string[] = []): Completions[] {
  const visible = command.createHelp().visibleCommands(command)
  const own: Completions = {
    path,
    summary: command.description(),
    commands: visible.map((child) => ({ word: child.name(), summary: child.description() })),
    options: command.createHelp().visibleOptions(command).map(optionWord),
    argument: argumentKind(command),
  }
  return [own, ...visible.flatMap((child) => completionsOf(child, [...path, child.name()]))]
}

function optionWord(option: Option): OptionWord {
  const word = option.long ?? option.short ?? option.flags
  return { word, short: option.short ?? null, summary: option.description, value: valueOf(option) }
}

function valueOf(option: Option): OptionWord["value"] {
  if (!option.required && !option.optional) return null
  if (option.argChoices !== undefined) return option.argChoices
  return option.flags.includes("<path>") ? "file" : "any"
}

const kinds: ReadonlyMap<string, ArgumentKind> = new Map<string, ArgumentKind>([
  ["run", "run"],
  ["task", "task"],
  ["approval", "approval"],
  ["plan", "file"],
  ["shell", ["bash", "zsh", "fish"]],
  ["topic", ["exit-codes", "environment", "names", "output"]],
])

const argumentKind = (command: Command): ArgumentKind => kinds.get(command.registeredArguments[0]?.name() ?? "") ?? "none"
