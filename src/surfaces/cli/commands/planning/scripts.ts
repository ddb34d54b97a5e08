/** `fleet planning scripts`: so that the lines of Citadel's instructions work as they stand. */
import { placeDelegates, removeDelegates, type Placed } from "../../../../adapters/planning/delegates.ts"
import { exitCodes, type ExitCode } from "../../exit-codes.ts"
import type { Invocation } from "../../invocation.ts"
import { outputOf } from "../../output.ts"
import { projectRootOf } from "./project-root.ts"

/** A script of somebody else is no failure: where Citadel itself is installed, all of them are. */
export async function planningScripts(invocation: Invocation): Promise<ExitCode> {
  const { context } = invocation
  const output = outputOf(context)
  const root = projectRootOf(context)
  const placed = invocation.flag("remove") ? await removeDelegates(root) : await placeDelegates(root, context.programs)
  if (invocation.json) output.list(placed)
  else for (const one of placed) output.line(`${words[one.what].padEnd(wordColumns)}  ${one.file}`)
  return exitCodes.done
}

const words: Readonly<Record<Placed["what"], string>> = {
  written: "written",
  current: "there already",
  kept: "not ours, kept",
  removed: "removed",
  absent: "not there",
}
const wordColumns = Math.max(...Object.values(words).map((word) => word.length))
