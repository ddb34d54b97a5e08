/** What a file is for, by its path alone. */
export type FileRole = "test" | "docs" | "config" | "script" | "types" | "source"

const documents = new Set(["markdown", "rst", "asciidoc"])
const settings = new Set(["json", "yaml", "toml", "ini", "xml"])

export function roleOf(path: string, language: string): FileRole {
  const lower = path.toLowerCase()
  if (/(?:^|\/)(?:tests?|specs?|__tests__|testdata|fixtures)\/|[._-](?:test|spec)s?\.[^/]+$|(?:^|\/)test_[^/]+$|tests?\.(?:java|cs)$/.test(lower)) return "test"
  if (documents.has(language) || /^docs?\/|\.txt$|(?:^|\/)(?:licen[cs]e|notice|authors)$/.test(lower)) return "docs"
  if (settings.has(language) || /(?:^|\/)\.[^/]+$|[._-]config\.[^/]+$|(?:^|\/)(?:makefile|dockerfile)$/.test(lower)) return "config"
  if (lower.endsWith(".d.ts")) return "types"
  return /(?:^|\/)scripts?\/|^(?:bin|tools)\//.test(lower) || language === "bash" ? "script" : "source"
}
