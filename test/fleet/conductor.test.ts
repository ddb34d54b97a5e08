import { expect, test } from "vitest"
import { lead } from "./conductor.ts"
import { scenario } from "./scenario.ts"

test("an agent that follows the skill with nothing but curl leads two children, one of which fails first", async () => {
  await using fleet = await scenario()
  const { good, bad, callbacks } = await lead(fleet, "scripted")
  expect(good.diffs).toMatchObject([{ file: "good.txt", status: "added", after: "good" }])
  expect(bad.diffs).toMatchObject([{ file: "bad.txt", status: "added", after: "better" }])
  expect(good.conversation).toContain("good.txt")
  expect(callbacks).toHaveLength(3)
  expect(callbacks.filter((text) => text.includes("Status: error"))).toHaveLength(1)
  expect(callbacks.find((text) => text.includes("Title: good"))).toContain("Files changed: 1\n  added: good.txt\nStatus: idle (completed successfully)")
  expect(callbacks.find((text) => text.includes("Title: good"))).toContain("- Built: good.txt")
}, 300_000)
