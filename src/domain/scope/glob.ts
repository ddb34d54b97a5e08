/**
 * What a pattern means: compiles it into segments of character sets, decides whether two segments have a name in common, and whether
 * a name matches one. Knows nothing of reading and writing.
 *
 * `*` any run of characters but `/` (dot files too), `?` one, `**` as a whole segment any number of segments, `[a-z]` and `[!a-z]` one
 * of a set, `{a,b}` alternatives. Brackets also mean themselves, because `app/[id]/page.tsx` is a common file name.
 *
 * A pattern covers what it matches and everything below it. One that ends in a file's name (`a.ts`, `*.md`) has something below it only
 * for who names it as a directory, so `**\/*.md` and `src/a.ts` do not meet in `src/a.ts/x.md`. `next.js/` says that it is a directory.
 */
import { looksLikeFile } from "./file-name.ts"

/** Sorted, disjoint, inclusive ranges of code points. */
export type CharSet = readonly (readonly [number, number])[]
export type Token = "star" | CharSet
/** `file`: the last one of its pattern, and looks like a file. A glob has one or two readings: brackets as sets, and brackets as themselves. */
export type Segment =
  | { readonly kind: "literal"; readonly text: string; readonly file: boolean }
  | { readonly kind: "glob"; readonly text: string; readonly file: boolean; readonly readings: readonly (readonly Token[])[] }
  | { readonly kind: "globstar" }
/** One alternative of a pattern. Empty: the whole repository. */
export type Alternative = readonly Segment[]

const alternativesMax = 256
const slash = 0x2f
const anyChar: CharSet = [
  [0, slash - 1],
  [slash + 1, 0x10ffff],
]

/** Compiles a normalised pattern. What cannot be expanded (more than 256 alternatives) stands for the whole repository, to be safe. */
export function compile(pattern: string, ignoreCase: boolean): readonly Alternative[] {
  const written = expandBraces(pattern)
  if (written === null) return [[]]
  return [...new Set(written)].map((text) => alternative(text, ignoreCase))
}

/** Everything that the braces stand for; null when that is more than 256. Braces without a comma mean themselves. */
export function expandBraces(pattern: string): string[] | null {
  let done: string[] = []
  let open = [pattern]
  while (open.length > 0) {
    const next: string[] = []
    for (const text of open) {
      const group = innermostGroup(text)
      if (group === null) done.push(text)
      else for (const choice of group.choices) next.push(group.before + choice + group.after)
      if (done.length + next.length > alternativesMax) return null
    }
    open = next
  }
  return done
}

/** A segment that takes exactly one name, so all but `**`. */
export type Name = Exclude<Segment, { kind: "globstar" }>

/** Whether some name matches both. */
export function namesMeet(a: Name, b: Name): boolean {
  if (a.kind === "literal" && b.kind === "literal") return a.text === b.text
  return readings(a).some((left) => readings(b).some((right) => tokensMeet(left, right)))
}

export const fold = (text: string, ignoreCase: boolean): string => (ignoreCase ? text.normalize("NFC").toLowerCase() : text)

/** Whether the pattern that `a` belongs to may go on below the name that both match, if `b` is where the other one looks. */
export const goesBelow = (a: Name, b: Name): boolean => !a.file || b.kind === "literal"

const readings = (segment: Name): readonly (readonly Token[])[] => (segment.kind === "glob" ? segment.readings : [Array.from(segment.text, oneChar)])

const oneChar = (char: string): CharSet => [[char.codePointAt(0) ?? 0, char.codePointAt(0) ?? 0]]

function innermostGroup(text: string): { before: string; choices: string[]; after: string } | null {
  for (let close = text.indexOf("}"); close >= 0; close = text.indexOf("}", close + 1)) {
    let start = text.lastIndexOf("{", close)
    // `[{]` is how a brace is written that means itself.
    while (start > 0 && text[start - 1] === "[" && text[start + 1] === "]") start = text.lastIndexOf("{", start - 1)
    if (start < 0) continue
    const inside = text.slice(start + 1, close)
    if (inside.includes(",") && !inside.includes("}")) return { before: text.slice(0, start), choices: inside.split(","), after: text.slice(close + 1) }
  }
  return null
}

function alternative(text: string, ignoreCase: boolean): Alternative {
  const parts = text.split("/").filter((part) => part !== "" && part !== ".")
  const length = parts.findLastIndex((part) => !/^\*{2,}$/.test(part)) + 1
  const file = length === parts.length && !text.endsWith("/")
  return parts.slice(0, length).map((part, at) => segment(fold(part, ignoreCase), ignoreCase, file && at === length - 1))
}

function segment(text: string, ignoreCase: boolean, last: boolean): Segment {
  if (/^\*{2,}$/.test(text)) return { kind: "globstar" }
  const file = last && looksLikeFile(text)
  if (!/[*?[]/.test(text)) return { kind: "literal", text, file }
  const asSets = tokens(text, ignoreCase, true)
  return { kind: "glob", text, file, readings: text.includes("[") ? [asSets, tokens(text, ignoreCase, false)] : [asSets] }
}

/** With `brackets` they are read as sets, else as themselves. */
function tokens(text: string, ignoreCase: boolean, brackets: boolean): Token[] {
  const result: Token[] = []
  for (let rest = text; rest !== "";) {
    const char = String.fromCodePoint(rest.codePointAt(0) ?? 0)
    const set = char === "[" && brackets ? bracketSet(rest, ignoreCase) : null
    if (set !== null) result.push(set.chars)
    else if (char === "?") result.push(anyChar)
    else if (char !== "*") result.push(oneChar(char))
    else if (result.at(-1) !== "star") result.push("star")
    rest = rest.slice(set === null ? char.length : set.length)
  }
  return result
}

/** `text` starts with `[`. Null when it is no set: not closed, or empty. */
function bracketSet(text: string, ignoreCase: boolean): { chars: CharSet; length: number } | null {
  const negated = text[1] === "!" || text[1] === "^"
  const first = negated ? 2 : 1
  // A `]` that comes first belongs to the set, as in every shell.
  const close = text.indexOf("]", first + 1)
  if (close < 0) return null
  const inside = Array.from(text.slice(first, close), (char) => char.codePointAt(0) ?? 0)
  const ranges: [number, number][] = []
  for (let at = 0; at < inside.length; at++) {
    const from = inside[at] ?? 0
    const to = inside[at + 2]
    if (inside[at + 1] === 0x2d && to !== undefined) {
      if (from <= to) ranges.push([from, to])
      at += 2
    } else ranges.push([from, from])
  }
  const chars = joined(ignoreCase ? ranges.flatMap(withLowerCase) : ranges)
  const allowed = negated ? complement(chars) : chars
  return allowed.length === 0 ? null : { chars: allowed, length: close + 1 }
}

/** The pattern is folded already, so only a range that spans upper-case letters, like `[+-Z]`, lacks their lower case. */
function withLowerCase([from, to]: [number, number]): [number, number][] {
  const upper: [number, number] = [Math.max(from, 0x41), Math.min(to, 0x5a)]
  return upper[0] <= upper[1]
    ? [
        [from, to],
        [upper[0] + 32, upper[1] + 32],
      ]
    : [[from, to]]
}

function joined(ranges: readonly [number, number][]): CharSet {
  const result: [number, number][] = []
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1)
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else result.push([from, to])
  }
  return result
}

function complement(chars: CharSet): CharSet {
  const result: [number, number][] = []
  let from = 0
  for (const [start, end] of joined([...chars.map(([a, b]): [number, number] => [a, b]), [slash, slash]])) {
    if (start > from) result.push([from, start - 1])
    from = end + 1
  }
  if (from <= 0x10ffff) result.push([from, 0x10ffff])
  return result
}

/** Whether a string exists that both match: reachability of the ends, one row of the table at a time. */
function tokensMeet(a: readonly Token[], b: readonly Token[]): boolean {
  let row = Array.from({ length: b.length + 1 }, () => false)
  for (let i = 0; i <= a.length; i++) {
    const next = Array.from({ length: b.length + 1 }, () => false)
    for (let j = 0; j <= b.length; j++) next[j] = (i === 0 && j === 0) || reached(a, b, i, j, row, next)
    row = next
  }
  return row[b.length] ?? false
}

/** `above` is the row of i - 1, `here` the row of i up to j - 1. */
function reached(a: readonly Token[], b: readonly Token[], i: number, j: number, above: readonly boolean[], here: readonly boolean[]): boolean {
  const left = i > 0 ? a[i - 1] : undefined
  const right = j > 0 ? b[j - 1] : undefined
  if (left === "star" && above[j]) return true
  if (right === "star" && here[j - 1]) return true
  // A star takes one more character of the other side.
  if (left === "star" && right !== undefined && here[j - 1]) return true
  if (right === "star" && left !== undefined && above[j]) return true
  if (left === undefined || right === undefined || left === "star" || right === "star") return false
  return (above[j - 1] ?? false) && setsMeet(left, right)
}

function setsMeet(a: CharSet, b: CharSet): boolean {
  for (let i = 0, j = 0; ;) {
    const left = a[i]
    const right = b[j]
    if (left === undefined || right === undefined) return false
    if (left[1] < right[0]) i++
    else if (right[1] < left[0]) j++
    else return true
  }
}
