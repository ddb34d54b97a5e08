/** `fleet planning brief`: the original's compress-discovery (C.1.35). */
import path from "node:path"
import { writeInside } from "../../../../adapters/planning/atomic-write.ts"
import { briefFileOf, compressOutput } from "../../../../adapters/planning/briefs.ts"
import { plainText } from "../../../../runtime/plain-text.ts"
import { exitCodes, type ExitCode } from "../../exit-codes.ts"
import type { Invocation } from "../../invocation.ts"
import { outputOf } from "../../output.ts"
import { isWithin } from "../../names.ts"
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
    await writeInside(named.root, named.file, brief)
    output.line(`Brief written to ${named.said} (${brief.length} chars)`)
  }
  return exitCodes.done
}

/** Null: it is printed. */
function placeOf(invocation: Invocation): { readonly root: string; readonly file: string; readonly said: string } | null {
  const named = invocation.text("output")
  const root = projectRootOf(invocation.context)
  if (named !== null) {
    const file = path.resolve(invocation.context.cwd, named)
    return { root: isWithin(root, file) ? root : path.dirname(file), file, said: named }
  }
  const [session, agent, wave] = [invocation.text("session"), invocation.text("agent"), Number(invocation.text("wave") ?? "")]
  if (session === null || agent === null || !Number.isSafeInteger(wave) || wave < 1) return null
  const file = briefFileOf(root, { session, wave, agent })
  return { root, file, said: file }
}
