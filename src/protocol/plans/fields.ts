/** `Key: value` in text dialects: which fields of a task they are, and what is left as a tag. */

export interface Pair {
  readonly name: string
  readonly value: string
}

/** Field of a task that a written name means, or null. */
export const fieldOf = (name: string): string | null =>
  names.get(
    name
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, "_"),
  ) ?? null

/** The pairs as an unparsed task, for `parseTask`; names that mean nothing become tags. A field given twice is a list where it can be one. */
export function fieldsFrom(pairs: readonly Pair[]): Record<string, unknown> {
  const raw: Record<string, unknown> = {}
  const tags = new Map<string, string>()
  for (const { name, value } of pairs) {
    const field = fieldOf(name)
    if (field === null) tags.set(name, tags.has(name) ? `${tags.get(name)}, ${value}` : value)
    else if (lists.has(field)) raw[field] = [...((raw[field] as unknown[] | undefined) ?? []), ...items(field, value)]
    else raw[field] = scalar(field, value)
  }
  return tags.size === 0 ? raw : { ...raw, tags: Object.fromEntries(tags) }
}

/** Commas separate, but not within braces or parentheses: `src/{a,b}, docs (read-only)` are two. */
export function splitList(text: string): string[] {
  const parts: string[] = [""]
  let depth = 0
  for (const char of text) {
    if (char === "{" || char === "(") depth++
    if (char === "}" || char === ")") depth = Math.max(0, depth - 1)
    if (char === "," && depth === 0) parts.push("")
    else parts.push(`${parts.pop() ?? ""}${char}`)
  }
  return parts.map((part) => part.trim()).filter((part) => part !== "")
}

const lists = new Set(["after", "scope", "checks"])

function items(field: string, value: string): string[] {
  const ticked = [...value.matchAll(/`([^`]+)`/g)].map((found) => found[1] ?? "")
  switch (field) {
    case "after":
      return /^(none|-|—)?$/i.test(value.trim())
        ? []
        : value
            .split(/[\s,;]+|\band\b/)
            .map((part) => part.replace(/^[`"'#]+|[`"'.]+$/g, ""))
            .filter((part) => part !== "")
    case "scope":
      return splitList(value.replaceAll("`", ""))
  }
  // A command is not split at commas; backticks separate several.
  return ticked.length > 0 ? ticked : [value.trim()]
}

function scalar(field: string, value: string): unknown {
  const plain = value.trim().replace(/^`(.*)`$/, "$1")
  switch (field) {
    case "timeout":
    case "estimate":
    case "retries":
    case "priority":
      return plain !== "" && Number.isFinite(Number(plain)) ? Number(plain) : plain
    case "type":
    case "gate":
      return plain.toLowerCase()
  }
  return plain
}

const names = new Map<string, string>([
  ...[
    "id",
    "title",
    "prompt",
    "after",
    "scope",
    "agent",
    "model",
    "type",
    "role",
    "group",
    "domain",
    "effort",
    "checks",
    "timeout",
    "retries",
    "gate",
    "priority",
    "estimate",
  ].map((name): [string, string] => [name, name]),
  ["key", "id"],
  ...["depends_on", "depends", "dependencies", "needs"].map((name): [string, string] => [name, "after"]),
  ...["scopes", "files", "touches"].map((name): [string, string] => [name, "scope"]),
  ...["check", "verify"].map((name): [string, string] => [name, "checks"]),
])
