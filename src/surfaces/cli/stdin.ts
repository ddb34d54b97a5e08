/** An argument that may stand for standard input. */
import { fault, FaultError } from "../../domain/fault.ts"
import type { CliInput } from "./context.ts"

const inputCharsMax = 1_000_000

/** The text itself; for `-`, all of stdin. */
export async function textOf(given: string, input: CliInput): Promise<string> {
  if (given !== "-") return given
  let text = ""
  input.setEncoding("utf8")
  for await (const chunk of input) {
    text += String(chunk)
    if (text.length > inputCharsMax)
      throw new FaultError(
        fault("tell-too-long", "the text is too long", `stdin holds more than ${inputCharsMax} characters`, "send less, or put it in a file and name the file"),
      )
  }
  return text
}
