/** A work order with less in it, for an agent whose last attempt hung (C.1.80): nothing to fetch, and the smallest useful part first. Deterministic; no model is asked. */

/** Orders that send somebody to the network; a download handler, or a page that is to be written, is none. */
const fetching = new RegExp(
  [
    String.raw`\bweb ?(?:fetch|search)\b`,
    String.raw`https?:\/\/`,
    String.raw`\b(?:fetch|browse|crawl|scrape|search|download)\b[^.!?]{0,80}\b(?:web|internet|online|urls?|websites?)\b`,
    String.raw`\blook (?:it|them|this|that) up\b`,
    String.raw`\bonline documentation\b`,
    // An order that is nothing else.
    String.raw`^\W*(?:\d+[.)]\s*)?(?:fetch|download|browse|crawl|scrape)\s+(?:the|all)\s+[\w-]+(?:\s+from it)?[.!]?\s*$`,
  ].join("|"),
  "i",
)
const left =
  "\n\nYour last attempt took too long. Fetch nothing from the network. Do the smallest part of this that is useful by itself, commit it, and say in the handoff what is left."

/** Sentences and list items that send the agent to the network are left out. An order of which nothing would be left stays whole. */
export function simplified(order: string): string {
  const lines = order.split("\n").map((line) => (fetching.test(line) ? withoutFetching(line) : line))
  const kept = lines
    .filter((line) => line !== null)
    .join("\n")
    .trim()
  return `${kept === "" ? order : kept}${left}`
}

/** Null: nothing of the line is left. */
function withoutFetching(line: string): string | null {
  const bullet = /^\s*(?:[-*+]|\d+[.)])\s+/.exec(line)?.[0] ?? ""
  const sentences = line.slice(bullet.length).split(/(?<=[.!?])\s+/)
  const kept = sentences.filter((sentence) => !fetching.test(sentence))
  return kept.length === 0 ? null : `${bullet}${kept.join(" ")}`
}
