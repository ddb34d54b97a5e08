/** Where the other programs of Fleet are: beside this one, as `.ts` in a checkout and as `.js` in the package. */
import { fileURLToPath } from "node:url"

export type Program = "cli" | "hub" | "worker" | "reaper" | "scripted-agent"

export function sibling(program: Program): string {
  const here = fileURLToPath(import.meta.url)
  return fileURLToPath(new URL(`./${program}${here.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url))
}
