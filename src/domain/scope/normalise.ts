/** Reads a scope as a person writes it into its one normal form, or says why it cannot be one. Comparing scopes is `overlap.ts`'s work. */
import { fault, type Fault } from "../fault.ts"
import { looksLikeFile } from "./file-name.ts"
import { expandBraces } from "./glob.ts"
import type { Scope } from "./scope.ts"

export type ParsedScope = { readonly ok: true; readonly scope: Scope } | { readonly ok: false; readonly fault: Fault }

const charsMax = 1_024
const segmentsMax = 64

/** `./src//api/ (read-only)` is `{ pattern: "src/api", access: "read" }`. Never gives a pattern that leaves the repository. */
export function parseScope(text: string): ParsedScope {
  const trimmed = text.trim()
  const bare = trimmed.replace(/\s*\(read[- ]?only\)$/i, "")
  const wrong = refusal(bare)
  if (wrong !== null) return { ok: false, fault: wrong }
  return { ok: true, scope: { pattern: normalPattern(bare), access: bare === trimmed ? "write" : "read" } }
}

/** As `parseScope` reads it back. */
export const scopeText = (scope: Scope): string => (scope.access === "read" ? `${scope.pattern} (read-only)` : scope.pattern)

function refusal(pattern: string): Fault | null {
  const refuse = (why: string, fix: string): Fault => fault("scope-invalid", `scope ${JSON.stringify(pattern.slice(0, 80))} cannot be used`, why, fix)
  const outside = (why: string): Fault =>
    fault(
      "scope-outside",
      `scope ${JSON.stringify(pattern.slice(0, 80))} is outside of the repository`,
      why,
      "name a path relative to the repository's root, like src/api",
    )
  if (pattern === "") return refuse("it is empty", "name a path like src/api, or ** for the whole repository")
  if (pattern.length > charsMax) return refuse(`it has more than ${charsMax} characters`, "shorten it, or split it into several scopes")
  if (pattern.includes("\0")) return refuse("it holds a NUL character, which no path can", "remove it")
  if (/^([A-Za-z]:)?[\\/]/.test(pattern) || /^[A-Za-z]:/.test(pattern)) return outside("it is an absolute path")
  if (/^~(\/|$)/.test(pattern)) return outside("it starts in a home directory")
  if (pattern.includes("\\")) return refuse("it holds a backslash", "write / between segments, and [*] for a star that is meant literally")
  if (pattern.startsWith("!")) return refuse("a scope cannot exclude", "name what the task does touch")
  if (/\{[^{},]*\.\.[^{},]*\}/.test(pattern)) return refuse("ranges in braces are not known", "list the alternatives: {1,2,3}")
  const alternatives = expandBraces(pattern)
  if (alternatives === null) return refuse("its braces stand for more than 256 paths", "use a wildcard, or fewer alternatives")
  for (const alternative of alternatives) {
    if (alternative === "") return refuse("one of its alternatives is empty, which would be the whole repository", "remove the empty one, or write **")
    const segments = alternative.split("/")
    if (segments.length > segmentsMax) return refuse(`it is more than ${segmentsMax} directories deep`, "shorten it")
    if (segments.includes("..")) return outside('".." leads out of where it stands')
    if (alternative.startsWith("/")) return outside("one of its alternatives is an absolute path")
    if (segments.find((segment) => segment !== "." && segment !== "")?.toLowerCase() === ".git") return outside("git keeps its own files there")
  }
  return null
}

/** Also drops a trailing `**`: every pattern covers what is below it, so `src/api/**` is `src/api`. But `next.js/` stays a directory. */
function normalPattern(pattern: string): string {
  const segments = pattern
    .split("/")
    .filter((segment) => segment !== "" && segment !== ".")
    .map((segment) => (/^\*{2,}$/.test(segment) ? "**" : segment))
    .filter((segment, at, all) => segment !== "**" || all[at + 1] !== "**")
  const below = segments.at(-1) === "**" || pattern.endsWith("/")
  while (segments.at(-1) === "**") segments.pop()
  if (below && looksLikeFile(segments.at(-1) ?? "")) segments.push("**")
  return segments.length === 0 ? "**" : segments.join("/")
}
