/** `fleet help`: help on a command, or on a topic that belongs to none. */
import type { Command } from "commander"
import { fault, FaultError } from "../../../domain/fault.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { outputOf, type Output } from "../output.ts"
import { oneLine } from "../text.ts"
import { topics } from "../topics.ts"
import { buildTree } from "../tree.ts"

export async function help(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const words = invocation.args
  const topic = topics.find((each) => words.length === 1 && each.name === words[0])
  if (topic !== undefined) tell(topic.text, words.join(" "), invocation.json, output)
  else tell(commandHelp(words, invocation.context.version, output.columns), words.join(" "), invocation.json, output)
  return exitCodes.done
}

function tell(text: string, about: string, json: boolean, output: Output): void {
  if (json) output.json({ about, text })
  else output.line(text.trimEnd())
}

function commandHelp(words: readonly string[], version: string, columns: number): string {
  let text = ""
  let command: Command = buildTree(version, async () => undefined, { out: (more) => (text += more), columns })
  for (const word of words) {
    const child = command.commands.find((each) => each.name() === word)
    if (child === undefined) throw unknownTopic(words)
    command = child
  }
  command.outputHelp()
  return text
}

function unknownTopic(words: readonly string[]): FaultError {
  const known = `topics: ${topics.map((topic) => topic.name).join(", ")}`
  return new FaultError(fault("unknown-topic", `there is no help on ${oneLine(words.join(" "))}`, known, "see all commands: fleet --help"))
}
