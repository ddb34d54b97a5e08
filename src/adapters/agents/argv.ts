/** Fills the placeholders of an argv template. Each one is a part of one argument: nothing here is ever read by a shell. */

export type Placeholder = "workspace" | "model" | "effort" | "promptFile" | "session"
export type Filling = Readonly<Record<Placeholder, string | null>>

const placeholder = /\{(workspace|model|effort|promptFile|session)\}/g

/**
 * An argument whose placeholder has no value is left out, and with it the option before it when the argument is nothing but
 * the placeholder: `["--model", "{model}"]` and `["--model={model}"]` both vanish when no model is named.
 */
export function fillArgv(template: readonly [string, ...string[]], filling: Filling): [string, ...string[]] {
  const [program, ...rest] = template
  const filled: string[] = []
  for (const item of rest) {
    const names = placeholdersOf(item)
    if (names.every((name) => filling[name] !== null)) filled.push(item.replace(placeholder, (_, name: Placeholder) => filling[name] ?? ""))
    else if (item === `{${names[0]}}` && filled.at(-1)?.startsWith("-")) filled.pop()
  }
  return [program, ...filled]
}

export function placeholdersOf(item: string): Placeholder[] {
  return [...item.matchAll(placeholder)].map((found) => found[1] as Placeholder)
}

export const noFilling: Filling = { workspace: null, model: null, effort: null, promptFile: null, session: null }
