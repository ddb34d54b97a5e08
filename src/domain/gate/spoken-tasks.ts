/** The independent tasks that a sentence names, where its form shows beyond doubt where one ends and the next begins (C.1.122). */
import { splitQuick } from "../plan/quick.ts"
import { clausesOf, parallelTrigger } from "./routing.ts"

/**
 * As many as there are, in their order; none where there are fewer than two, or where only a model could tell them apart. Four forms: list lines, `;`,
 * `both A and B`, and `A and do B in parallel`. What only asks for parallel work is left out of them.
 */
export function spokenTasks(sentence: string): readonly string[] {
  if (sentence.length > charsMax) return []
  const text = withoutAsking(sentence)
  for (const found of [listLines(text), bySemicolon(text), bothOf(text), parallelTrigger(sentence) === null ? [] : clausesOf(text)]) {
    const tasks = found.map((task) => task.trim()).filter((task) => task !== "")
    if (tasks.length >= 2 && tasks.length <= tasksMax) return tasks
  }
  return []
}

const charsMax = 20_000
const tasksMax = 20

const asking = String.raw`(?:at the same time|simultaneously|in parallel)`
const askedFirst = new RegExp(String.raw`^\s*(?:please\s+)?(?:do\s+)?(?:(?:all\s+of\s+)?these(?:\s+tasks)?\s+)?${asking}\s*[:,]\s*`, "i")
const askedLast = new RegExp(String.raw`[\s,]+(?:and\s+)?(?:all\s+)?${asking}\s*[.!]?\s*$`, "i")

const withoutAsking = (sentence: string): string => sentence.replace(askedFirst, "").replace(askedLast, "").trim()

/** A first line that is no item says where the items belong, and stays in front of each. What is deeper than a plain list is left to a planner. */
function listLines(text: string): string[] {
  const [first = "", ...others] = text.split("\n").filter((line) => line.trim() !== "")
  const intro = itemOf(first) === null ? `${first.trim()} ` : ""
  const items = (intro === "" ? [first, ...others] : others).map(itemOf)
  const tasks = items.flatMap((item) => (item === null || item.indent !== items[0]?.indent ? [] : [`${intro}${item.work}`]))
  return tasks.length === items.length ? tasks : []
}

function itemOf(line: string): { readonly indent: string; readonly work: string } | null {
  const [, indent = "", work = ""] = /^(\s*)(?:[-*•]|\d{1,3}[.)])\s+(\S.*)$/.exec(line) ?? []
  return work === "" ? null : { indent, work }
}

function bySemicolon(text: string): readonly string[] {
  const split = splitQuick(text)
  return split.ok ? split.tasks : []
}

/** `fix both A and B`. Only where its halves are alike: in `make both A and B faster` the last word belongs to both of them. */
function bothOf(text: string): string[] {
  const [, before = "", first = "", second = ""] = /^([^\n]*?)\bboth\s+([^\n]+?)\s+and\s+([^\n]+?)[.!]?$/i.exec(text) ?? []
  if (first === "" || [before, first, second].some((part) => /\band\b|[,;:]|[.!?]\s/i.test(part))) return []
  return wordsOf(first) === wordsOf(second) || /^(please\s+)?$/i.test(before) ? [`${before}${first}`, `${before}${second}`] : []
}

const wordsOf = (text: string): number => text.replace(/^(?:the|an?|our|its)\s+/i, "").split(/\s+/).length
