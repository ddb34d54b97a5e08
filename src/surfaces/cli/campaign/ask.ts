/** Asks the person at the terminal for a line. */
import { once } from "node:events"
import readline from "node:readline/promises"
import type { CliContext } from "../context.ts"

/** On stderr, so that stdout stays the result. Null: Ctrl-C, or the input ended. */
export async function askLine(context: CliContext, question: string): Promise<string | null> {
  const terminal = readline.createInterface({ input: context.stdin, output: context.stderr as NodeJS.WriteStream })
  const closed = once(terminal, "close").then(() => null)
  try {
    context.stdin.ref?.()
    terminal.on("SIGINT", () => terminal.close())
    return await Promise.race([terminal.question(question), closed])
  } finally {
    terminal.close()
    context.stdin.pause()
    context.stdin.unref?.()
  }
}
