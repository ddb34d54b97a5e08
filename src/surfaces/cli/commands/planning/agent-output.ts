/** All that an agent said, from a file or from stdin. Of what is too long the end is taken, where agents sum up. */
import { createReadStream } from "node:fs"
import path from "node:path"
import { fault, FaultError } from "../../../../domain/fault.ts"
import { Tail } from "../../../../runtime/tail.ts"
import type { CliContext } from "../../context.ts"

const charsMax = 4_000_000

/** Rejects with a `FaultError` when the file cannot be read. */
export async function agentOutput(context: CliContext, file: string | null): Promise<string> {
  const tail = new Tail(charsMax)
  const source = file === null ? context.stdin : createReadStream(path.resolve(context.cwd, file))
  source.setEncoding("utf8")
  try {
    for await (const chunk of source) tail.add(String(chunk))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new FaultError(fault("output-unreadable", `${file ?? "stdin"} cannot be read`, why, "name a file that is there, or pipe the output in"), {
      cause: error,
    })
  }
  return tail.toString()
}
