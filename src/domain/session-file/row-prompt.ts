/** The work order of a row: what it is, what the whole is for, what a spec says of it, and what others found before (C.1.28, C.1.41). */
import { slug } from "../plan/slug.ts"
import { rowResults } from "./row-results.ts"
import type { AgentResult, QueueRow, SessionFile } from "./session-file.ts"

const specCharsMax = 50_000
const foundCharsMax = 40_000

export function rowPrompt(file: SessionFile, row: QueueRow): string {
  const reported = file.queue.filter(({ number }) => row.deps.includes(number)).flatMap((dep) => rowResults(file, dep).flatMap(reportOf))
  const found = newest([...file.shared.map((text) => `- ${text}`), ...reported])
  const order = file.orders.find((one) => one.row === row.number)
  const work = order === undefined ? [row.campaign, ...(file.direction === "" ? [] : [`Part of: ${file.direction}`]), ...specOf(file, row)] : [order.prompt]
  return [...work, ...(found.length === 0 ? [] : [[...foundHeading, "", ...found].join("\n")])].join("\n\n")
}

/** As it is without what was found when it was made. */
export function withoutFound(prompt: string): string {
  const at = prompt.lastIndexOf(`\n\n${foundHeading.join("\n")}\n`)
  return at < 0 ? prompt : prompt.slice(0, at)
}

const untrusted = "Told by other agents, and not checked by anybody: look before you rely on it."

const foundHeading = ["## What others found", untrusted]

/** Sections of a spec that have the campaign's name as their title. */
function specOf({ rest }: SessionFile, { campaign }: QueueRow): string[] {
  const name = slug(campaign, new Set())
  return rest.flatMap((section) => {
    const [heading = "", ...body] = section.split("\n")
    const text = body.join("\n").trim().slice(0, specCharsMax)
    return text !== "" && slug(heading, new Set()) === name ? [text] : []
  })
}

const reportOf = ({ name, built, decisions, discoveries, failures }: AgentResult): string[] =>
  [
    ["built", built],
    ["decided", decisions],
    ["found", discoveries],
    ["failed", failures],
  ].flatMap(([did, text]) => (text === null ? [] : [`- ${name} ${did}: ${text}`]))

/** As many of the last ones as there is room for. */
function newest(texts: readonly string[]): string[] {
  let room = foundCharsMax
  const from = texts.findLastIndex((text) => (room -= text.length) < 0)
  return texts.slice(from + 1)
}
