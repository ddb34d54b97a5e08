/** Paths that the words of a task name: what a quick task without a scope most likely touches. */
import type { TaskKey } from "../../../domain/ids.ts"
import type { Plan } from "../../../domain/plan/plan.ts"
import { parseScope } from "../../../domain/scope/normalise.ts"

const pathsMax = 50

/** `src/api.ts`, `README.md`, `src/ui/`; nothing of an address, and no `and/or`. */
export function mentionedIn({ tasks }: Plan): Map<TaskKey, readonly string[]> {
  return new Map(tasks.map(({ key, prompt }) => [key, pathsIn(prompt)]))
}

function pathsIn(text: string): string[] {
  const words = text
    .slice(0, 20_000)
    .replace(/\w+:\/\/\S+/g, " ")
    .split(/[\s"'`()<>,;]+/)
  const paths = words.map((word) => word.replace(/[.:!?]+$/, "")).filter((word) => looksLikePath(word) && parseScope(word).ok)
  return [...new Set(paths)].slice(0, pathsMax)
}

const looksLikePath = (word: string): boolean =>
  /^[\w.@-]+(\/[\w.@*-]+)*\/$/.test(word) ||
  (/^[\w./@*-]+\.[A-Za-z][A-Za-z0-9]{0,7}$/.test(word) && !/^\d|\.\.|\/\//.test(word)) ||
  /^[\w.@-]+(\/[\w.@-]+){2,}$/.test(word)
