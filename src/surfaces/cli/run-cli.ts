/** One call of `fleet`: finds the command, runs it, tells what went wrong, and says the exit code. Never throws, never exits. */
import { CommanderError } from "commander"
import { fault, FaultError } from "../../domain/fault.ts"
import { commands, type CommandSpec } from "./commands.ts"
import type { CliContext } from "./context.ts"
import { exitCodeOf, exitCodes } from "./exit-codes.ts"
import { columnsOfStream } from "./columns.ts"
import { Invocation } from "./invocation.ts"
import { buildTree } from "./tree.ts"

export async function runCli(context: CliContext): Promise<number> {
  let exitCode: number = exitCodes.done
  const tree = buildTree(
    context.version,
    async (load, args, options) => {
      const handler = await load()
      exitCode = await handler(new Invocation(context, args, options))
    },
    { out: (text) => void context.stdout.write(text), columns: columnsOfStream(context.stdout) },
  )
  try {
    // Without a command: the help, as an answer and not as an error.
    await tree.parseAsync(context.argv.length === 0 ? ["--help"] : [...context.argv], { from: "user" })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done
    const told = error instanceof CommanderError ? usageFault(error, context.argv) : error
    const { tellError } = await import("./fault-text.ts")
    tellError(context, told, context.argv.includes("--json"))
    return exitCodeOf(told)
  }
}

/** Commander's own sentence; its suggestion, when it has one, is on a second line. */
function usageFault(error: CommanderError, argv: readonly string[]): FaultError {
  const [what = "", suggestion = ""] = error.message.replace(/^error: /, "").split("\n")
  const command = commandIn(argv)
  const help = `see what there is: ${["fleet", ...command, "--help"].join(" ")}`
  if (error.code === "commander.help") return new FaultError(fault("usage", "which one?", `\`fleet ${command.join(" ")}\` is a group of commands`, help))
  return new FaultError(fault("usage", what, suggestion.replace(/[()]/g, ""), help))
}

/** The command that the words lead to, as far as there is one: its help is the one to read. */
function commandIn(argv: readonly string[]): string[] {
  const path: string[] = []
  let next: readonly CommandSpec[] = commands
  for (const word of argv.filter((one) => !one.startsWith("-"))) {
    const found = next.find(({ name }) => name === word)
    if (found === undefined) break
    path.push(word)
    next = found.commands ?? []
  }
  return path
}
