/** The marks in a line of a task list: `[P]`, `[US1]`, `[Skill: x]`, `(id: a)`, `(depends_on: b, c)`, `(depends on T012, T013)`. */
import { fieldOf, type Pair } from "./fields.ts"

export interface Marked {
  /** The line without any mark. */
  readonly title: string
  /** The line without the marks that only steer Fleet; what an agent should see (`[Skill: x]`) stays. */
  readonly work: string
  readonly parallel: boolean
  /** `US1` of `[US1]`. */
  readonly story: string | null
  readonly pairs: readonly Pair[]
}

export function readMarks(line: string): Marked {
  const pairs: Pair[] = []
  let parallel = false
  let story: string | null = null
  const steering = line
    .replace(parenthesised, (whole, name: string, value: string) => {
      if (fieldOf(name) === null) return whole
      pairs.push({ name, value: value.trim() })
      return ""
    })
    .replace(/\((?:depends on|after|needs)\s+([^()]*)\)/gi, (whole, value: string) => {
      if (!/[A-Za-z]*\d/.test(value)) return whole
      pairs.push({ name: "after", value: value.trim() })
      return ""
    })
    .replace(/(^|\s)[[(]P[\])](?=\s|$)/g, (_, before: string) => {
      parallel = true
      return before
    })
    .replace(/(^|\s)\[(US-?\d+[a-z]?)\](?=\s|$)/gi, (_, before: string, name: string) => {
      story = name.toUpperCase()
      return before
    })
  const title = steering
    .replace(bracketed, (_, name: string, value: string) => {
      pairs.push({ name, value: value.trim() })
      return ""
    })
    .replace(/^((?:\s*\[[A-Z][\w-]{0,20}\](?!\())+)/, (_, flags: string) => {
      for (const [, name] of flags.matchAll(/\[([\w-]+)\]/g)) pairs.push({ name: name ?? "", value: "" })
      return ""
    })
  return { title: tidy(title), work: tidy(steering), parallel, story, pairs }
}

const tidy = (text: string): string => text.replace(/[ \t]{2,}/g, " ").trim()

/** One level of parentheses inside, for `(scope: src/a (read-only), docs)`. */
const parenthesised = /\(([A-Za-z][A-Za-z _-]{0,30}):((?:[^()]|\([^()]{0,100}\)){0,2000})\)/g
/** Not a Markdown link. */
const bracketed = /\[([A-Za-z][\w -]{0,40}):([^\][]{0,500})\](?!\()/g
