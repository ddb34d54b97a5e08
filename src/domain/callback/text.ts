/** A callback in words: the wording is the Fleet API's contract, line by line. What comes after it is ours, and only there when there is something to say. */
import { filesOf } from "./files.ts"
import type { Callback } from "./callback.ts"

const filesMax = 200

export function callbackText(callback: Callback): string {
  const { from, news } = callback
  const head = news.how === "completed" ? "[Fleet Callback] Child session completed." : "[Fleet Callback] Child session encountered an error."
  const lines = [head, `Session ID: ${from}`, `Title: ${oneLine(news.title)}`]
  if (news.how === "completed") lines.push(...changeLines(callback), "Status: idle (completed successfully)")
  else lines.push("Status: error")
  return [...lines, ...more(callback)].join("\n")
}

function changeLines({ news }: Callback): string[] {
  if (news.files === null) return ["(diff unavailable)"]
  const files = filesOf(news.files)
  const listed = files.slice(0, filesMax).map(({ kind, path }) => `  ${kind}: ${path}`)
  return [`Files changed: ${files.length}`, ...listed, ...(files.length > filesMax ? [`  … and ${files.length - filesMax} more`] : [])]
}

function more({ id, news, offers }: Callback): string[] {
  return [
    ...(news.why === null ? [] : ["", `Why: ${oneLine(news.why)}`]),
    ...(news.handoff === null ? [] : ["", "---HANDOFF---", ...news.handoff.items.map((item) => `- ${oneLine(item)}`), "---"]),
    ...(offers > 0 ? ["", `(This is ${id}, handed over again: you may have read it before.)`] : []),
  ]
}

/** What the child wrote must not look like lines of ours. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim().slice(0, 2_000)
