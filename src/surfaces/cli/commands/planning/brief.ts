/** `fleet planning brief`: the original's compress-discovery (C.1.35). */
import path from "node:path"
import { writeAtomically } from "../../../../adapters/planning/atomic-write.ts"
import { briefFileOf, compressOutput } from "../../../../adapters/planning/briefs.ts"
import { plainText } from "../../../../runtime/plain-text.ts"
import { exitCodes, type ExitCode } from "../../exit-codes.ts"
import type { Invocation } from "../../invocation.ts"
import { outputOf } from "../../output.ts"
import { agentOutput } from "./agent-output.ts"
import { projectRootOf } from "./project-root.ts"

export async function planningBrief(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const text = await agentOutput(invocation.context, invocation.text("input"))
  const of = { text, agent: invocation.text("agent"), status: invocation.text("status") }
  const brief = plainText(await compressOutput(projectRootOf(invocation.context), of, invocation.context.now()))
  const named = placeOf(invocation)
  if (named === null) output.raw(brief)
  else {
    await writeAtomically(named.file, brief)
    output.line(`Brief written to ${named.said} (${brief.length} chars)`)
  }
  return exitCodes.done
}

/** Null: it is printed. */
function placeOf(invocation: Invocation): { readonly file: string; readonly said: string } | null {
  const named = invocation.text("output")
  if (named !== null) return { file: path.resolve(invocation.context.cwd, named), said: named }
  const [session, agent, wave] = [invocation.text("session"), invocation.text("agent"), Number(invocation.text("wave") ?? "")]
  if (session === null || agent === null || !Number.isSafeInteger(wave) || wave < 1) return null
  const file = briefFileOf(projectRootOf(invocation.context), { session, wave, agent })
  return { file, said: file }
}
