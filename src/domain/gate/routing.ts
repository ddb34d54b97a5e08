/** Whether a sentence asks for tasks side by side, and how much work it sounds like. By words alone, so the same sentence is always told the same (C.1.122). */

export interface Route {
  /** quick: a few agents, one wave. standard: a campaign. single: one agent. */
  readonly to: "quick" | "standard" | "single"
  /** The words that asked for it. */
  readonly trigger: string | null
  readonly complexity: Complexity
  readonly why: string
}

/** 1: one edit. 2: one small change. 3: some changes, or one in several places. 4: a piece of work. 5: a rebuilding. */
export type Complexity = 1 | 2 | 3 | 4 | 5

/**
 * `tasks`: how many the sentence names, where its form shows beyond doubt where one ends and the next begins; null: nobody can tell. Those that it names
 * need no complexity of their own (the seed's "no minimum complexity gate"); those that are only guessed do (C.1.113).
 */
export function route(sentence: string, tasks: number | null = null): Route {
  const trigger = parallelTrigger(sentence)
  const complexity = complexityOf(sentence)
  const several = tasks ?? (trigger === null ? clauses(sentence) : Math.max(2, clauses(sentence)))
  if (several < 2) return { to: complexity >= 4 ? "standard" : "single", trigger, complexity, why: `it is one task of complexity ${complexity}` }
  if (complexity >= 4) return { to: "standard", trigger, complexity, why: `it sounds like ${several} tasks of complexity ${complexity}` }
  if (trigger !== null) return { to: "quick", trigger, complexity, why: `it says ${JSON.stringify(trigger)}` }
  if (tasks !== null) return { to: "quick", trigger, complexity, why: `it names ${tasks} tasks` }
  if (complexity === 3) return { to: "quick", trigger, complexity, why: `it sounds like ${several} tasks of complexity 3` }
  return { to: "single", trigger, complexity, why: `it sounds like ${several} tasks that one agent does as fast` }
}

/** The words of a sentence that ask for quick mode, as written; null when none do. */
export function parallelTrigger(sentence: string): string | null {
  const text = sentence.slice(0, charsMax)
  for (const words of [/\bat the same time\b/i, /\bsimultaneously\b/i, /\bin parallel\b/i]) {
    const found = words.exec(text)
    if (found !== null) return found[0]
  }
  return /\bboth\b[^.!?;]{1,300}?\band\b/i.test(text) ? "both … and" : null
}

/**
 * One point to begin with, and one each for: more than one thing to do, words for breadth (`every`, `across` …), words for depth
 * (`rewrite`, `migrate` …), three or more fields (API, database, user interface …), more than 60 words. At most 5.
 */
export function complexityOf(sentence: string): Complexity {
  const text = sentence.slice(0, charsMax)
  const points = [clauses(text) > 1, breadth.test(text), depth.test(text), fieldsOf(text) >= 3, text.split(/\s+/).length > 60]
  const score = 1 + points.filter(Boolean).length
  return score >= 5 ? 5 : score === 4 ? 4 : score === 3 ? 3 : score === 2 ? 2 : 1
}

const charsMax = 20_000

/** At least one. */
const clauses = (sentence: string): number => clausesOf(sentence).length

/** Things to do, as far as `;`, list lines and verbs after `and` or `then` show them. */
export function clausesOf(sentence: string): string[] {
  return sentence
    .slice(0, charsMax)
    .replace(/[^\S\n]+/g, " ")
    .split(
      /;|\n|\.\s+|,?\s+(?:and|then)\s+(?:also\s+)?(?=(?:add|fix|write|build|make|create|update|remove|delete|move|rename|refactor|rewrite|test|document|migrate|replace|implement|improve|set|change|convert|upgrade|extract|split|clean)\b)/i,
    )
    .filter((part) => /\w/.test(part))
}

const breadth = /\b(all|every|each|entire|whole|across|everywhere|throughout|codebase|repo(sitory)?)\b/i
const depth = /\b(rewrite|redesign|rebuild|re-?architect|migrate|migration|overhaul|refactor|port|introduce|from scratch|end[- ]to[- ]end|multi-?tenan\w+)\b/i
const fields = [
  /\b(api|endpoints?|backend|server|routes?)\b/i,
  /\b(ui|frontend|front-end|pages?|components?|screens?|css|styles?)\b/i,
  /\b(database|schema|tables?|migrations?|sql)\b/i,
  /\b(auth|login|permissions?|security|tokens?)\b/i,
  /\b(tests?|coverage|e2e)\b/i,
  /\b(docs?|documentation|readme)\b/i,
  /\b(ci|deploy\w*|docker|kubernetes|infra\w*|pipelines?)\b/i,
  /\b(cli|commands?)\b/i,
]
const fieldsOf = (text: string): number => fields.filter((field) => field.test(text)).length
