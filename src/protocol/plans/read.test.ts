import fc from "fast-check"
import { expect, test } from "vitest"
import type { Plan, PlanTask } from "../../domain/plan/plan.ts"
import { scopeText } from "../../domain/scope/normalise.ts"
import { readInline } from "./inline.ts"
import { readPlan } from "./read.ts"

const told = (text: string, file: string): string[] => readPlan(text, { file }).faults.map((found) => `${found.severity} ${found.line ?? "-"} ${found.code}`)
function sound(text: string, file: string): Plan {
  const { plan, faults } = readPlan(text, { file })
  expect(faults.filter((found) => found.severity === "error")).toEqual([])
  if (plan === null) throw new Error("no plan")
  return plan
}
const task = (plan: Plan, key: string): PlanTask => {
  const found = plan.tasks.find((one) => one.key === key)
  if (found === undefined) throw new Error(`no ${key} among ${plan.tasks.map((one) => one.key).join(", ")}`)
  return found
}
const after = (plan: Plan): Record<string, string[]> =>
  Object.fromEntries(plan.tasks.map((one) => [one.key, one.after.map((need) => `${need.reason} ${need.key}`)]))

test("plan.yaml gives every field, and defaults where a task says nothing", () => {
  const plan = sound(
    `goal: G
setup: npm ci
checks: npm test
guardrails: [Be kind]
defaults: { agent: claude, model: m, type: skill, retries: 2, timeout: 90s, checks: [lint], scope: src, gate: human }
tasks:
  - { id: a, title: A }
  - id: 2
    prompt: |
      First line
      second
    after: a
    agent: codex
    type: research
    role: r
    group: g
    domain: d
    effort: high
    checks: [one, two]
    scope: ["./docs/ (read-only)", "x/{a,b}.ts"]
    timeout: 2h
    estimate: 30m
    retries: 0
    gate: none
    priority: 3
    tags: { colour: red }
    done: true
`,
    "p.yaml",
  )
  expect(plan).toMatchObject({ goal: "G", setup: "npm ci", checks: ["npm test"], guardrails: ["Be kind"] })
  expect(task(plan, "a")).toMatchObject({
    title: "A",
    prompt: "A",
    agent: "claude",
    model: "m",
    type: "skill",
    retries: 2,
    timeoutMinutes: 1.5,
    checks: ["lint"],
    gate: "human",
    line: 7,
  })
  expect(task(plan, "a").scope).toEqual([{ pattern: "src", access: "write" }])
  expect(task(plan, "2")).toEqual({
    key: "2",
    title: "First line",
    prompt: "First line\nsecond\n",
    after: [{ key: "a", reason: "declared" }],
    scope: [
      { pattern: "docs", access: "read" },
      { pattern: "x/{a,b}.ts", access: "write" },
    ],
    agent: "codex",
    model: "m",
    type: "research",
    role: "r",
    group: "g",
    domain: "d",
    effort: "high",
    checks: ["one", "two"],
    estimateMinutes: 30,
    timeoutMinutes: 120,
    retries: 0,
    gate: "none",
    priority: 3,
    tags: { colour: "red" },
    ticked: true,
    line: 8,
  })
})

test("unknown keys are refused with their line and the key that was meant", () => {
  const { plan, faults } = readPlan("goal: G\ntasks:\n  - id: a\n    titel: A\n    touches: [src]\n  - id: b\n    zzzzzz: 1\nchekcs: []\n", { file: "p.yaml" })
  expect(plan).toBeNull()
  expect(faults.map((found) => [found.line, found.what, found.fix.slice(0, 30)])).toEqual([
    [4, 'unknown key "titel" in tasks[0]', 'did you mean "title"?'],
    [5, 'unknown key "touches" in tasks[0]', 'did you mean "scope"?'],
    [7, 'unknown key "zzzzzz" in tasks[1]', "remove it; known are id, title"],
    [8, 'unknown key "chekcs"', 'did you mean "checks"?'],
  ])
})

test.each<[string, string, string, string[]]>([
  [
    "wrong types",
    "p.yaml",
    "tasks:\n  - id: a\n    retries: many\n    after: { x: 1 }\n  - id: 1.5\n",
    ["error 3 wrong-shape", "error 4 wrong-shape", "error 5 wrong-shape"],
  ],
  ["broken YAML", "p.yaml", "goal: G\ntasks:\n  - id: [a\n", ["error 4 syntax"]],
  ["a key given twice", "p.yaml", "goal: G\ngoal: H\ntasks: []\n", ["error 2 syntax"]],
  ["nothing", "p.yaml", "# only a comment\n", ["error 1 no-tasks"]],
  ["a text", "p.yaml", "hello\n", ["error 1 wrong-shape"]],
  ["no tasks", "p.yaml", "goal: G\ntasks: []\n", ["error - no-tasks"]],
  ["a task without words", "p.yaml", "tasks:\n  - id: a\n    scope: x\n", ["error 2 empty-prompt"]],
  ["a scope outside", "p.yaml", "tasks:\n  - { id: a, title: A, scope: ../x }\n", ["error 2 scope-outside"]],
  ["a cycle", "p.yaml", "tasks:\n  - { id: a, title: A, after: b, scope: a }\n  - { id: b, title: B, after: [a], scope: b }\n", ["error 2 cycle"]],
  ["broken JSON", "p.json", '{\n "tasks": [\n  { "id": "a" "title": "A" }\n ]\n}', ["error 3 syntax"]],
  ["wrong JSON", "p.json", '{\n "tasks": [\n  { "id": "a", "title": 3 }\n ]\n}', ["error 3 wrong-shape"]],
  ["Markdown without tasks", "p.md", "# Notes\n\nNothing here.\n", ["error 1 no-tasks"]],
  ["an empty file", "p.md", "", ["error 1 no-tasks"]],
  ["broken front matter", "p.md", "---\ngoal: [\n---\n## Task: A {#a}\nScope: a\n\nDo\n", ["error 2 syntax"]],
  ["an unknown key in the front matter", "p.md", "---\ngoal: G\nsetpu: x\n---\n## Task: A {#a}\nScope: a\n\nDo\n", ["error 3 unknown-key"]],
  ["a field of the wrong type", "p.md", "## Task: A {#a}\nScope: a\nRetries: often\n\nDo\n", ["error 3 wrong-shape"]],
  ["a section that is no task", "p.md", "## Task: A {#a}\nScope: a\n\nDo\n\n## Notes\n\nx\n", ["warning 6 not-a-task"]],
  ["an unknown id", "tasks.md", "- [ ] T001 Make a.ts (depends on T009)\n", ["error 1 unknown-id"]],
  ["ids that differ by case", "p.md", "- [ ] Make a.ts (id: a)\n- [ ] Make b.ts (id: A)\n", ["error 2 duplicate-id"]],
  ["a path outside in a sentence", "p.md", "- [ ] T001 Copy ../other/x.ts to src/x.ts\n", ["warning 1 scope-not-claimed"]],
])("%s: every fault has its line", (_, file, text, expected) => {
  expect(told(text, file)).toEqual(expected)
})

test("a YAML file that expands without end is refused", () => {
  const bomb = [
    "a: &a [x,x,x,x,x,x,x,x,x]",
    ...Array.from({ length: 9 }, (_, at) => `${"bcdefghij"[at]}: &${"bcdefghij"[at]} [${Array(9).fill(`*${"abcdefghi"[at]}`).join(",")}]`),
  ]
  expect(told(bomb.join("\n"), "p.yaml")).toEqual(["error 1 syntax"])
})

test("JSON is read by the same rules, and without a name by its content", () => {
  const json = JSON.stringify({ goal: "G", tasks: [{ id: "a", title: "A", scope: ["src"] }] })
  expect(sound(json, "p.json").source.format).toBe("json")
  expect(readPlan(json, { file: null }).plan?.source).toEqual({ format: "json", file: null })
  expect(readPlan("goal: G\ntasks:\n- {id: a, title: A}\n", { file: null }).plan?.source.format).toBe("yaml")
  expect(readPlan("- [ ] one\n", { file: null }).plan?.source.format).toBe("checklist")
})

test("plan.md reads headings, fields and prompts", () => {
  const plan = sound(
    "\ufeff---\r\ngoal: G\r\ndefaults: { agent: claude }\r\n---\r\n# Title\r\n\r\nIntro\r\n\r\n## Task: First one {#one}\r\n- **Scope:** src/{a,b}, docs (read-only)\r\n- **Checks:** `npm test`, `npm run lint`\r\n- **Colour:** red\r\n\r\nDo it.\r\n\r\n### Details\r\n\r\n```md\r\n## Task: not one\r\n```\r\n\r\n## Task: Second one\r\nAfter: one\r\nTimeout: 45m\r\nGate: Human\r\nDone already? Not at all.\r\n",
    "plan.md",
  )
  expect(task(plan, "one")).toMatchObject({ title: "First one", agent: "claude", checks: ["npm test", "npm run lint"], tags: { Colour: "red" }, line: 9 })
  expect(task(plan, "one").scope.map(scopeText)).toEqual(["src/{a,b}", "docs (read-only)"])
  expect(task(plan, "one").prompt).toBe("Do it.\n\n### Details\n\n```md\n## Task: not one\n```")
  expect(task(plan, "second-one")).toMatchObject({ prompt: "Done already? Not at all.", timeoutMinutes: 45, gate: "human" })
  expect(after(plan)).toEqual({ one: [], "second-one": ["declared one"] })
})

test("plan.md also takes `## key: title`, and a prompt that begins like a field", () => {
  const plan = sound("---\ngoal: G\n---\n## db: Tables\n\nNote: mind the order.\n\n## api: Endpoint\nNeeds: db\n", "plan.md")
  expect(task(plan, "db")).toMatchObject({ prompt: "Note: mind the order.", tags: {} })
  expect(task(plan, "api")).toMatchObject({ prompt: "Endpoint", after: [{ key: "db", reason: "declared" }] })
})

test("Spec Kit: phases are barriers, [P] relaxes file order, and what is declared replaces it", () => {
  const plan = sound(
    `# Tasks: Photos
## Phase 1: Setup
- [X] T001 Create src/
- [ ] T002 [P] Lint in .eslintrc.json
- [ ] T003 [P] Format in \`.prettierrc\` and \`src/format\`
- [ ] T004 Wire package.json
## Phase 2: Stories
- [ ] T005 [P] [US1] Model in src/models/photo.ts [Skill: models] [Effort: high] [Team: red]
    Mind the dates.
- [ ] T006 [US1] Service in src/services/photo.ts (depends on T005)
- [ ] T007 [US2] Page (depends on T005-T006 and the router) in src/ui/page.tsx
**Checkpoint**: It shows photos
## Notes
\`\`\`
- [ ] T099 not a task
\`\`\`
`,
    "tasks.md",
  )
  expect(plan.goal).toBe("Photos")
  expect(after(plan)).toEqual({
    T001: [],
    T002: ["order T001"],
    T003: ["order T001"],
    T004: ["order T002", "order T003"],
    T005: ["phase T004"],
    T006: ["declared T005"],
    T007: ["declared T005", "declared T006"],
  })
  expect(task(plan, "T001").ticked).toBe(true)
  expect(task(plan, "T003").scope.map(scopeText)).toEqual([".prettierrc", "src/format"])
  expect(task(plan, "T005")).toMatchObject({
    title: "Model in src/models/photo.ts",
    prompt: "T005 Model in src/models/photo.ts [Skill: models] [Effort: high] [Team: red]\nMind the dates.\n\nPart of: Phase 2: Stories",
    group: "US1",
    effort: "high",
    tags: { Skill: "models", Team: "red", Phase: "Phase 2: Stories" },
    scope: [{ pattern: "src/models/photo.ts", access: "write" }],
    line: 8,
  })
  expect(task(plan, "T007").tags["Checkpoint"]).toBe("It shows photos")
  expect(task(plan, "T007").title).toBe("Page in src/ui/page.tsx")
})

test("a checklist runs in file order; nested items and text belong to their parent", () => {
  const plan = sound(
    "# Todo\n\n## One\n- [ ] 1. **Add `a.ts`** with tests\n  - [ ] nested\n    more\n\n  ```sh\n  - [ ] not an item\n  ```\n- [x] 2. Change docs/\n## Two\n* [ ] Ümläut (P)\n* [ ] [P] 写\n1. [ ] Last (id: end) (agent: codex) (depends_on: 1, 2)\n",
    "todo.md",
  )
  expect(after(plan)).toEqual({ "1": [], "2": ["order 1"], umlaut: ["order 2"], [plan.tasks[3]!.key]: ["order 2"], end: ["declared 1", "declared 2"] })
  expect(plan.tasks[3]!.key).toMatch(/^task-[a-z0-9]+$/)
  expect(task(plan, "1")).toMatchObject({ title: "Add a.ts with tests", group: "One", scope: [{ pattern: "a.ts", access: "write" }] })
  expect(task(plan, "1").prompt).toBe("**Add `a.ts`** with tests\n- [ ] nested\n  more\n\n```sh\n- [ ] not an item\n```\n\nPart of: One")
  expect(task(plan, "2")).toMatchObject({ ticked: true, scope: [{ pattern: "docs", access: "write" }] })
  expect(task(plan, "end")).toMatchObject({ agent: "codex", title: "Last" })
})

test("the same text gives the same ids, and equal titles get different ones", () => {
  const keys = (text: string): string[] => sound(text, "x.md").tasks.map((one) => one.key)
  expect(keys("- [ ] Write it\n- [ ] Write it\n- [ ] 1.10 Ten\n")).toEqual(["write-it", "write-it-2", "1.10"])
})

test("no text makes a reader throw, and every error has a fix", () => {
  const line = fc.oneof(
    fc.constantFrom(
      "---",
      "goal: G",
      "tasks:",
      "  - id: a",
      "## Task: A {#a}",
      "## Phase 1",
      "- [ ] T001 [P] do src/a.ts",
      "  - [x] sub",
      "After: a",
      "```",
      "# T",
      "(id: a)",
      "[X: y]",
      "{",
      "}",
      '"tasks": [',
      "",
      "&a [*a]",
      "(depends on T1-T99999999)",
      "| # | Campaign | Scope | Deps |",
      "| 1 | A | src/a | 2 |",
      "| 2 | B | ../b",
      "# Fleet Session: x",
    ),
    fc.string({ maxLength: 30 }),
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 14 }), fc.constantFrom("p.md", "p.yaml", "p.json", "tasks.md", null), (lines, file) => {
      const { plan, faults } = readPlan(lines.join("\n"), { file })
      if (plan === null) expect(faults.some((found) => found.severity === "error")).toBe(true)
      for (const found of faults) expect(found.fix).not.toBe("")
      readInline(lines)
    }),
    { numRuns: 500 },
  )
})
