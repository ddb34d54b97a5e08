/** `fleet completion`: the completion script of a shell, made from the tree of commands. */
import { fault, FaultError } from "../../../domain/fault.ts"
import { bashScript } from "../completion/bash.ts"
import { fishScript } from "../completion/fish.ts"
import { completionsOf } from "../completion/words.ts"
import { zshScript } from "../completion/zsh.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { outputOf } from "../output.ts"
import { oneLine } from "../text.ts"
import { buildTree } from "../tree.ts"

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript }

export async function completion(invocation: Invocation): Promise<ExitCode> {
  const shell = invocation.required(0)
  if (shell !== "bash" && shell !== "zsh" && shell !== "fish") {
    throw new FaultError(fault("unknown-shell", `there are no completions for ${oneLine(shell)}`, "Fleet knows bash, zsh and fish", "fleet completion bash"))
  }
  const output = outputOf(invocation.context)
  const tree = buildTree(invocation.context.version, async () => undefined, { out: () => undefined, columns: 80 })
  const script = scripts[shell](completionsOf(tree))
  if (invocation.json) output.json({ shell, script })
  else output.raw(script)
  return exitCodes.done
}
