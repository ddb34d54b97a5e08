/** `fleet planning momentum` and `context`: the original's momentum-synthesize and momentum-read (C.1.15, C.1.46). */
import { readMomentum, synthesiseMomentum } from "../../../../adapters/planning/momentum.ts"
import { contextText } from "../../../../domain/momentum/context.ts"
import { plainText } from "../../../../runtime/plain-text.ts"
import { exitCodes, type ExitCode } from "../../exit-codes.ts"
import type { Invocation } from "../../invocation.ts"
import { outputOf } from "../../output.ts"
import { projectRootOf } from "./project-root.ts"

export async function planningMomentum(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const { file, momentum, told } = await synthesiseMomentum(projectRootOf(invocation.context), invocation.context.now())
  for (const line of told) output.note(`warning: ${line}`)
  output.line(`Momentum updated: ${momentum.discovery_count} discoveries → ${file}`)
  if (!invocation.flag("print")) return exitCodes.done
  const text = contextText(momentum)
  output.line(text === "" ? "(no momentum context yet — need more discoveries)" : `\n${plainText(text)}`)
  return exitCodes.done
}

/** Nothing at all when there is nothing to say, so that what is printed can be put before any prompt. */
export async function planningContext(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const root = projectRootOf(invocation.context)
  const { momentum, told } = await readMomentum(root)
  for (const line of told) output.note(`warning: ${line}`)
  // One that was damaged is made anew: what it said is still in the discoveries.
  const known = momentum ?? (told.length > 0 ? (await synthesiseMomentum(root, invocation.context.now())).momentum : null)
  const text = known === null ? "" : contextText(known)
  if (text !== "") output.line(plainText(text))
  return exitCodes.done
}
