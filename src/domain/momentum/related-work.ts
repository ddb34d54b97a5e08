/** The entry that a campaign leaves in the knowledge of a project when it is done: dated, under `## Related Work`, once for each campaign (C.1.47). */
export interface CampaignResult {
  readonly slug: string
  /** What was asked for; null when that is not known any more. */
  readonly direction: string | null
  readonly scopes: readonly string[]
  /** What was built, decided and found, the weightiest first. */
  readonly items: readonly string[]
}

const title = "## Related Work"
const itemsMax = 5
const itemCharsMax = 300
const scopesMax = 10
const directionCharsMax = 300

/** Whether a text already has the entry. */
export const hasEntryOf = (text: string, slug: string): boolean => text.includes(mark(slug))

/** The text with the entry of the day (`YYYY-MM-DD`); the same text when it has one of this campaign. */
export function withEntry(text: string, day: string, of: CampaignResult): string {
  if (hasEntryOf(text, of.slug)) return text
  const lines = text.replace(/\s+$/, "").split("\n")
  const at = lines.findIndex((line) => line.trim().toLowerCase() === title.toLowerCase())
  if (at < 0) return [...(text.trim() === "" ? [] : [...lines, ""]), title, "", ...entry(day, of), ""].join("\n")
  const next = lines.findIndex((line, index) => index > at && /^#{1,2}\s/.test(line))
  const end = lastFilled(lines, next < 0 ? lines.length : next)
  const after = lines.slice(end)
  return [...lines.slice(0, end), ...(end === at + 1 ? [""] : []), ...entry(day, of), ...(after.length > 0 && after[0] !== "" ? [""] : []), ...after, ""].join(
    "\n",
  )
}

/** A file of its own for a campaign that is about nothing that is there. */
export const newKnowledge = (day: string, of: CampaignResult): string => withEntry(`# ${line(of.slug, directionCharsMax)}\n`, day, of)

function entry(day: string, { slug, direction, scopes, items }: CampaignResult): readonly string[] {
  const where =
    scopes.length === 0
      ? ""
      : ` (${scopes
          .slice(0, scopesMax)
          .map((scope) => line(scope, itemCharsMax))
          .join(", ")})`
  const what = direction === null ? "" : `: ${line(direction, directionCharsMax)}`
  return [`- ${day} ${mark(slug)}${where}${what}`, ...items.slice(0, itemsMax).map((item) => `  - ${line(item, itemCharsMax)}`)]
}

const mark = (slug: string): string => `campaign \`${slug}\``

function lastFilled(lines: readonly string[], end: number): number {
  let at = end
  while (lines[at - 1]?.trim() === "") at--
  return at
}

const line = (text: string, charsMax: number): string => {
  const flat = text.replaceAll(/\s+/g, " ").trim()
  return flat.length <= charsMax ? flat : `${flat.slice(0, charsMax - 1)}…`
}

/**
 * Whether a piece of knowledge is about what a campaign did: it names the campaign, a place where it worked, or is itself named for one of its
 * words or places.
 */
export function isRelated(knowledge: { readonly name: string; readonly text: string }, of: CampaignResult): boolean {
  const places = of.scopes.map(place).filter((scope) => scope.length >= placeCharsMin)
  const isNamed = of.slug.length >= placeCharsMin && knowledge.text.includes(of.slug)
  if (isNamed || places.some((scope) => knowledge.text.includes(scope))) return true
  const own = new Set([...words(of.slug), ...places.flatMap((scope) => words(scope.split("/").at(-1) ?? ""))])
  return words(knowledge.name.replace(/\.md$/, "")).some((word) => own.has(word))
}

/** `src/` alone is in every text. */
const placeCharsMin = 5
const wordCharsMin = 3
const place = (scope: string): string =>
  scope
    .replace(/\s*\(read-only\)\s*$/, "")
    .replace(/^\.\//, "")
    .replace(/\/?\**$/, "")
    .replace(/\/$/, "")
const plain = new Set([
  "the",
  "and",
  "for",
  "with",
  "fleet",
  "session",
  "campaign",
  "patterns",
  "antipatterns",
  "notes",
  "index",
  "src",
  "lib",
  "app",
  "test",
  "tests",
])
const words = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length >= wordCharsMin && !plain.has(word) && !/^\d+$/.test(word))
