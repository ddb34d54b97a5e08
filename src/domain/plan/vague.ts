/** Whether a work order says what to do, and to what. By words alone; in doubt it does. */
import type { PlanTask } from "./plan.ts"

const wordsMin = 5
/** More is not looked at: an agent's text can be of any length. */
const charsLooked = 4_000
/** So long a text has said what it wants somewhere. */
const wordsEnough = 60

/** Why an agent could not begin with it, in a clause; null when it could. */
export function vagueness({ title, prompt, scope }: Pick<PlanTask, "title" | "prompt" | "scope">): string | null {
  const words = prompt.split(/\s+/, wordsEnough * 2).filter((word) => /[\p{L}\p{N}]/u.test(word))
  if (words.length >= wordsEnough) return null
  const names = namesSomething(prompt.slice(0, charsLooked)) || namesSomething(title.slice(0, charsLooked))
  if (words.length < wordsMin && !names) return `it has only ${words.length === 1 ? "one word" : `${words.length} words`} and names no file, symbol or command`
  const generic = genericOrder.exec(prompt.slice(0, charsLooked).trim())
  if (generic !== null && !names) return `${JSON.stringify(generic[0].trim())} can mean anything`
  if (!names && scope.length === 0) return "it names no file, symbol or command, and has no scope"
  return null
}

/** A path, a file name, something in backticks, a call, or a name in camelCase, snake_case or CONSTANT_CASE. */
function namesSomething(text: string): boolean {
  return /`[^`\n]+`|\b[\w.-]+\/[\w./*-]+|\b[\w-]+\.[a-z]{1,5}\b(?!\.)|\b\w+\(\)|\b[a-z]+[A-Z]\w*|\b[A-Z]+[a-z]+[A-Z]\w*|\b\w+_\w+|\B--?[a-z][\w-]+/.test(text)
}

const genericOrder =
  /^(please\s+)?(improve|clean( up)?|fix|refactor|optimi[sz]e|enhance|update|polish|review|handle|work on|look (at|into)|make better|do|continue|finish|implement|test)\s+(the\s+|all\s+(the\s+)?|any\s+|some\s+|our\s+|this\s+|everything\b)*(code(base)?|quality|things?|stuff|issues?|bugs?|project|app(lication)?|repo(sitory)?|system|performance|tests?|files?|features?|task|rest|work|it|errors?|everything)?\s*[.!]*$/i
