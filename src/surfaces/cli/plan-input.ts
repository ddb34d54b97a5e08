/** From the words after `fleet run` or `fleet plan` to a plan: a file when there is one of that name, else tasks as sentences. */
import { readFile, stat } from "node:fs/promises"
import path from "node:path"
import { fault, FaultError } from "../../domain/fault.ts"
import type { Plan, PlanFault } from "../../domain/plan/plan.ts"
import { readInline } from "../../protocol/plans/inline.ts"
import { readPlan } from "../../protocol/plans/read.ts"
import { oneLine, shellWord } from "./text.ts"

/** `plan` is null when there is an error among the faults. */
export interface PlanInput {
  readonly plan: Plan | null
  readonly faults: readonly PlanFault[]
}

const planBytesMax = 4 * 1024 * 1024

export async function readPlanInput(words: readonly string[], cwd: string): Promise<PlanInput> {
  const [first = "", ...others] = words
  const file = path.resolve(cwd, first)
  const found = await stat(file).catch(() => null)
  if (found?.isDirectory() === true && others.length === 0) throw badFile(first, "it is a directory", "name the plan file in it")
  if (found?.isFile() !== true) {
    if (others.length === 0 && looksLikeFile(first)) throw badFile(first, "there is no such file", "look at the path; a task is a sentence, in quotes")
    return checked(readInline(words))
  }
  if (others.length > 0) throw badFile(first, "a plan file stands alone, and more words follow it", `fleet run ${shellWord(first)}`)
  if (found.size > planBytesMax) throw badFile(first, `it is larger than ${planBytesMax / 1024 / 1024} MiB`, "split the plan")
  return checked(readPlan(await readFile(file, "utf8"), { file: first }))
}

function checked({ plan, faults }: PlanInput): PlanInput {
  return { plan: faults.some((found) => found.severity === "error") ? null : plan, faults }
}

/** A path or a file name: no sentence ends like that. */
const looksLikeFile = (word: string): boolean => !/\s/.test(word) && (/\.(ya?ml|json|md|markdown|txt)$/i.test(word) || word.includes("/"))

function badFile(file: string, why: string, fix: string): FaultError {
  return new FaultError(fault("bad-plan-file", `cannot read a plan from ${oneLine(file)}`, why, fix))
}
