/** Who asks, in words: for the log, and for whoever reads a prompt. */
import type { Caller } from "./access.ts"

export function nameOf(caller: Caller): string {
  switch (caller.kind) {
    case "owner":
      return "a person"
    case "agent":
      return `session ${caller.session}`
    case "open":
      return "a program"
  }
}
