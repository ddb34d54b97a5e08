/** What the commands about claims are given, and how they tell what is not in order with the files of others. */
import { fault, FaultError, type Fault } from "../../../../domain/fault.ts"
import type { Invocation } from "../../invocation.ts"
import type { Output } from "../../output.ts"
import { oneLine } from "../../text.ts"

/** Throws a `FaultError` (`usage`) when it is not there. */
export function needed(invocation: Invocation, option: "id" | "scope"): string {
  const value = invocation.text(option)
  if (value !== null) return value
  throw new FaultError(
    fault("usage", `--${option} is missing`, "nobody can tell what is meant", `add it: --${option} ${option === "id" ? "agent-3f9a01bc" : "src/api,src/ui"}`),
  )
}

/** `a, b/{c,d}` is two: commas in braces stand between alternatives of one pattern. */
export function scopesIn(text: string): string[] {
  const scopes: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at <= text.length; at++) {
    const character = text[at]
    if (character === "{") depth += 1
    else if (character === "}") depth = Math.max(0, depth - 1)
    else if (character === undefined || (character === "," && depth === 0)) {
      scopes.push(text.slice(from, at).trim())
      from = at + 1
    }
  }
  return scopes.filter((scope) => scope !== "")
}

/** As lists of scopes are shown. Others wrote them. */
export const scopeList = (scopes: readonly string[]): string => oneLine(scopes.join(", "))

export function noteFaults(output: Output, faults: readonly Fault[]): void {
  for (const { what, why, fix } of faults) output.note(`warning: ${oneLine(what)}: ${oneLine(why)}; ${oneLine(fix)}`)
}
