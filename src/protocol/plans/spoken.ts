/** Finds the plan in what an agent said: the last fenced block that reads as one, else the whole text when that does. */
import type { Plan, PlanFault } from "../../domain/plan/plan.ts"
import { readPlan } from "./read.ts"

export interface SpokenPlan {
  /** Null: there is none that can be read. */
  readonly plan: Plan | null
  readonly faults: readonly PlanFault[]
}

const blocksMax = 50

/** The faults are those of the block that was taken for the plan. */
export function readPlanIn(text: string): SpokenPlan {
  const blocks = fenced(text).slice(-blocksMax)
  const planned = blocks.toReversed().find((block) => looksLikePlan(block)) ?? (looksLikePlan(text) ? { language: "", body: text } : null)
  if (planned === null) return { plan: null, faults: [noPlan(blocks.length)] }
  const read = readPlan(planned.body, { file: planned.language === "json" ? "plan.json" : "plan.yaml" })
  return { plan: read.plan, faults: read.faults.filter(({ severity }) => severity === "error" || read.plan === null) }
}

interface Block {
  readonly language: string
  readonly body: string
}

/** A block that nothing closes goes on to the end: the agent was cut off. What is indented further is a part of it: prompts quote code. */
function fenced(text: string): Block[] {
  const blocks: Block[] = []
  let open: { language: string; fence: string; indent: number; lines: string[] } | null = null
  for (const line of text.split(/\r?\n/)) {
    const mark: RegExpExecArray | null = /^(\s*)(`{3,}|~{3,})\s*([A-Za-z]*)/.exec(line)
    const [indent, fence, language] = [mark?.[1]?.length ?? 0, mark?.[2] ?? "", mark?.[3] ?? ""]
    if (open === null && mark !== null) open = { language: language.toLowerCase(), fence, indent, lines: [] }
    else if (open !== null && mark !== null && language === "" && indent <= open.indent + indentMax && fence.startsWith(open.fence)) {
      blocks.push({ language: open.language, body: open.lines.join("\n") })
      open = null
    } else open?.lines.push(line)
  }
  if (open !== null) blocks.push({ language: open.language, body: open.lines.join("\n") })
  return blocks
}

/** As Markdown has it. */
const indentMax = 3

function looksLikePlan(block: Block | string): boolean {
  const text = typeof block === "string" ? block : block.body
  return /^tasks:/m.test(text) || /^\s*\{[\s\S]*"tasks"\s*:/.test(text)
}

const noPlan = (blocks: number): PlanFault => ({
  severity: "error",
  code: "no-plan",
  what: "there is no plan in the answer",
  why: blocks === 0 ? "no fenced block was found" : `none of its ${blocks} fenced blocks has tasks`,
  fix: "answer with one fenced yaml block that begins with `goal:` and has `tasks:`",
  file: null,
  line: null,
})
