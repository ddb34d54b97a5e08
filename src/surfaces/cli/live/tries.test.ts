import { expect, test } from "vitest"
import { taskView } from "../testing/views.ts"
import { tryText } from "./tries.ts"

function after(...reasons: readonly string[]): string {
  const [first] = taskView("api", "working").attempts
  if (first === undefined) throw new Error("it has no attempt")
  const attempts = reasons.map((reason, at) => ({ ...first, number: at + 1, reason }))
  return tryText(taskView("api", "working", { attempt: attempts.length, attemptsMax: Math.max(2, attempts.length), attempts }))
}

test.each<[string, readonly string[]]>([
  ["", ["first"]],
  ["attempt 2/2", ["first", "retry"]],
  ["repair 1", ["first", "repair"]],
  ["repair 4", ["first", "repair", "repair", "repair", "repair"]],
  ["attempt 2", ["first", "resume"]],
  ["attempt 3", ["first", "repair", "retry"]],
])("%j after %j: no repair is told as the last of so many", (said, reasons) => expect(after(...reasons)).toBe(said))
