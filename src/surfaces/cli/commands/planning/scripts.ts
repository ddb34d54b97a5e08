/** `fleet planning scripts`: so that the lines of Citadel's instructions work as they stand. */
import { placeDelegates, removeDelegates, type Placed } from "../../../../adapters/planning/delegates.ts"
import { addPropagateScript, removePropagateScript, type NpmScript } from "../../../../adapters/planning/npm-script.ts"
import { exitCodes, type ExitCode } from "../../exit-codes.ts"
import type { Invocation } from "../../invocation.ts"
import { outputOf } from "../../output.ts"
import { projectRootOf } from "./project-root.ts"

/** A script of somebody else is no failure: where Citadel itself is installed, all of them are. */
export async function planningScripts(invocation: Invocation): Promise<ExitCode> {
  const { context } = invocation
  const output = outputOf(context)
  const root = projectRootOf(context)
  const remove = invocation.flag("remove")
  const placed = remove ? await removeDelegates(root) : await placeDelegates(root, context.programs)
  const script = remove ? await removePropagateScript(root) : invocation.flag("npm") ? await addPropagateScript(root) : null
  const all: readonly Shown[] =
    script === null ? placed : [...placed, { file: "package.json (npm run propagate)", what: remove && script === "written" ? "removed" : script }]
  if (invocation.json) output.list(all)
  else for (const one of all) output.line(`${words[one.what].padEnd(wordColumns)}  ${one.file}`)
  return exitCodes.done
}

interface Shown {
  readonly file: string
  readonly what: Placed["what"] | NpmScript
}

const words: Readonly<Record<Shown["what"], string>> = {
  written: "written",
  current: "there already",
  kept: "not ours, kept",
  removed: "removed",
  absent: "not there",
  unreadable: "unreadable",
}
const wordColumns = Math.max(...Object.values(words).map((word) => word.length))
