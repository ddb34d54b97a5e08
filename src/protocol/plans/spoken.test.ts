import { expect, test } from "vitest"
import { readPlanIn } from "./spoken.ts"

const yaml = (id: string): string => `goal: Faster\ntasks:\n  - id: ${id}\n    prompt: Write src/${id}.ts\n`
const keys = (text: string): string[] | null => readPlanIn(text).plan?.tasks.map(({ key }) => key) ?? null

test("the plan is the last block of what was said that has tasks: what stands before is a draft, what stands behind is something else", () => {
  expect(keys(`First:\n\`\`\`yaml\n${yaml("draft")}\`\`\`\nBetter:\n\`\`\`yaml\n${yaml("final")}\`\`\`\nRun it:\n\`\`\`sh\nfleet run\n\`\`\`\n`)).toEqual([
    "final",
  ])
})

test("a plan is understood as JSON too, between other marks, and with the line ends of any system", () => {
  expect(keys('```json\n{ "goal": "x", "tasks": [{ "id": "a", "prompt": "Do a" }] }\n```')).toEqual(["a"])
  expect(keys(`~~~~yaml\n${yaml("a")}~~~~`)).toEqual(["a"])
  expect(keys(`\`\`\`yaml\n${yaml("a")}\`\`\``.replaceAll("\n", "\r\n"))).toEqual(["a"])
})

test("a plan without any block is understood, and one whose block nobody closed because the agent was cut off", () => {
  expect(keys(yaml("a"))).toEqual(["a"])
  expect(keys(`Here:\n\`\`\`yaml\n${yaml("a")}`)).toEqual(["a"])
})

test("a block inside of the plan's prompts does not end the plan", () => {
  expect(keys("````yaml\ngoal: x\ntasks:\n  - id: a\n    prompt: |\n      Do it:\n      ```ts\n      f()\n      ```\n````")).toEqual(["a"])
})

test("nor does one whose marks are as long as the plan's own, when it is indented", () => {
  const plan = readPlanIn(
    "```yaml\ngoal: x\ntasks:\n  - id: a\n    prompt: |\n      Do it:\n      ```ts\n      f()\n      ```\n      and `src/a.ts`\n  - id: b\n    prompt: Do b\n```\nThat is all.",
  ).plan
  expect(plan?.tasks.map(({ key, prompt }) => [key, prompt.includes("src/a.ts")])).toEqual([
    ["a", true],
    ["b", false],
  ])
})

test("an answer without a plan is a fault that says how to answer", () => {
  expect(readPlanIn("I could not find out what to do.")).toMatchObject({
    plan: null,
    faults: [{ code: "no-plan", severity: "error", why: "no fenced block was found" }],
  })
  expect(readPlanIn("```sh\nls\n```")).toMatchObject({ plan: null, faults: [{ code: "no-plan", why: "none of its 1 fenced blocks has tasks" }] })
})

test("a plan that cannot be read is a fault with its line", () => {
  const { plan, faults } = readPlanIn("```yaml\ngoal: x\ntasks:\n  - prompt: 3\n    after: {}\n```")
  expect(plan).toBeNull()
  expect(faults[0]).toMatchObject({ severity: "error" })
})

test("thousands of blocks, and a text of nothing but marks, are answered at once", () => {
  const before = performance.now()
  readPlanIn("```yaml\nx: 1\n```\n".repeat(20_000))
  readPlanIn("`".repeat(200_000))
  readPlanIn("{".repeat(50_000))
  expect(performance.now() - before).toBeLessThan(5_000)
})
