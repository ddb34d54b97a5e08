/** Reads a plan in any of the formats, told apart by name and content, and says everything that is wrong with it. */
import { checkPlan } from "../../domain/plan/check.ts"
import type { Plan, PlanFault, PlanSource } from "../../domain/plan/plan.ts"
import { isQueueHeader } from "../../domain/session-file/queue-table.ts"
import { readChecklist } from "./checklist.ts"
import { readCitadel } from "./citadel.ts"
import { readMarkdown, taskHeading } from "./markdown.ts"
import { Reading } from "./reading.ts"
import { readSpeckit, speckitItem } from "./speckit.ts"
import { readYaml } from "./yaml.ts"

export interface ReadPlan {
  /** Null when the text could not be read as a plan. A plan with errors among its faults must not run. */
  readonly plan: Plan | null
  /** Errors and warnings of reading and of `checkPlan`. */
  readonly faults: readonly PlanFault[]
}

const charsMax = 20_000_000

/** `file` as the person gave it, null for standard input. */
export function readPlan(text: string, { file }: { readonly file: string | null }): ReadPlan {
  const plain = text.replace(/^\ufeff/, "")
  const format = formatOf(plain, file)
  const reading = new Reading({ format: format ?? "checklist", file })
  if (plain.length > charsMax)
    reading.error(
      null,
      "plan-too-large",
      "the plan is too large",
      `it has ${plain.length} characters; the limit is ${charsMax}`,
      "put the material into files of their own and name them",
    )
  else if (format === null)
    reading.error(
      1,
      "no-tasks",
      "no tasks were found",
      plain.trim() === ""
        ? "there is nothing in it"
        : "it is neither YAML nor JSON with tasks, nor Markdown with `## Task:` headings, `- [ ]` items or a queue of campaigns",
      "write tasks in one of these forms: docs/reference/plan.md shows them",
    )
  const plan = reading.failed || format === null ? null : readers[format](reading, plain)
  return { plan, faults: plan === null ? reading.faults : [...reading.faults, ...checkPlan(plan)] }
}

type Format = Exclude<PlanSource["format"], "inline">

const readers: Readonly<Record<Format, (reading: Reading, text: string) => Plan | null>> = {
  yaml: readYaml,
  json: readYaml,
  markdown: readMarkdown,
  speckit: readSpeckit,
  checklist: readChecklist,
  citadel: readCitadel,
}

function formatOf(text: string, file: string | null): Format | null {
  const extension = /\.([a-z]+)$/i.exec(file ?? "")?.[1]?.toLowerCase()
  if (extension === "json") return "json"
  if (extension === "yaml" || extension === "yml") return "yaml"
  if (/^\s*\{/.test(text)) return "json"
  const markdown = extension === "md" || extension === "markdown"
  if (!markdown && /^tasks:/m.test(text)) return "yaml"
  return markdownFormat(text)
}

function markdownFormat(text: string): Format | null {
  const outside = text.replace(/^\s*(```+|~~~+)[\s\S]*?^\s*\1/gm, "")
  const headings = [...outside.matchAll(/^##\s+(.*)$/gm)].map((found) => found[1] ?? "")
  if (headings.some((heading) => taskHeading.test(heading) || /\{#[^}]+\}\s*$/.test(heading))) return "markdown"
  if (isCampaign(outside)) return "citadel"
  const boxes = [...outside.matchAll(/^\s*(?:[-*+]|\d+[.)])\s+\[[ xX~-]?\]\*?\s+(.*)$/gm)].map((found) => found[1] ?? "")
  if (boxes.some((box) => speckitItem.test(box))) return "speckit"
  if (/^---\r?\n(?:.*\r?\n)*?(?:goal|version|setup|defaults|guardrails):/.test(text)) return "markdown"
  return boxes.length > 0 ? "checklist" : null
}

/** A session file of a campaign, or a spec with its queue: a table with the columns Campaign and Scope. */
const isCampaign = (text: string): boolean => /^ {0,3}#\s+fleet session\s*:/im.test(text) || text.split("\n").some(isQueueHeader)
