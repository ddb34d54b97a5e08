import fc from "fast-check"
import { expect, test } from "vitest"
import { checkPlan } from "../plan/check.ts"
import { firstOverlap } from "../scope/overlap.ts"
import type { CommandFinding, HealthFindings } from "./health.ts"
import { healthPlan, healthQueue, queueMax } from "./queue.ts"

const command = (line: string, of: Partial<CommandFinding> = {}): CommandFinding => ({
  status: "ok",
  why: "it passed",
  command: line,
  timedOut: false,
  evidence: "",
  files: [],
  ...of,
})
const healthy: HealthFindings = {
  typecheck: command("npm run typecheck"),
  tests: command("npm test"),
  lint: command("npm run lint"),
  audit: { status: "ok", why: "none", command: "npm audit", counts: { critical: 0, high: 0, moderate: 0, low: 0 }, packages: [] },
  todos: { status: "ok", why: "none", total: 0, directories: [] },
  staleBranches: { status: "ok", why: "none", branches: [] },
  notices: [],
}
const problem = (line: string, files: readonly string[] = []): CommandFinding =>
  command(line, { status: "problem", why: "it failed with 1", evidence: "boom ```", files })
const ill: HealthFindings = {
  typecheck: problem("npm run typecheck", ["src/api/a.ts", "src/api/deep/b.ts"]),
  tests: problem("npm test", ["src/ui/x.test.ts"]),
  lint: problem("npm run lint", ["docs/x.js"]),
  audit: {
    status: "problem",
    why: "1 critical",
    command: "npm audit",
    counts: { critical: 1, high: 0, moderate: 0, low: 0 },
    packages: [{ name: "left", severity: "critical" }],
  },
  todos: { status: "problem", why: "9", total: 9, directories: [{ directory: "src/cli", count: 9, perThousandLines: 12 }] },
  staleBranches: { status: "problem", why: "1 branch", branches: [{ name: "old", reason: "old", days: 90 }] },
  notices: ["`npm run lint` changed docs/x.js"],
}

test("a healthy repository has nothing to do", () => {
  const queue = healthQueue(healthy)
  expect(queue).toEqual({ items: [], unknown: [], notices: [] })
  expect(healthPlan(queue)).toBeNull()
})

test("what was found becomes a ranked queue: what hides other faults first, each with its scope, its proof and the reason for its rank", () => {
  const { items, notices } = healthQueue(ill)
  expect(
    items.map(({ rank, wave, task }) => [
      rank,
      wave,
      task.key,
      task.scope.map((scope) => scope.pattern).join(","),
      task.after.map((need) => need.key).join(","),
    ]),
  ).toEqual([
    [1, 1, "types", "src/api", ""],
    [2, 2, "tests", "src/ui", "types"],
    [3, 1, "vulnerabilities", "package.json,package-lock.json,pnpm-lock.yaml", ""],
    [4, 3, "lint", "docs", "types,tests"],
    [5, 1, "todos-src-cli", "src/cli", ""],
    [6, 2, "stale-branches", "", ""],
  ])
  expect(items[0]?.task.checks).toEqual(["npm run typecheck"])
  expect(items[0]?.task.prompt).toContain("````\nboom ```\n````")
  expect(items[0]?.why).toBe("it failed with 1; while types do not hold, tests and lint say little that can be trusted")
  expect(notices).toEqual(ill.notices)
})

test("a directory whose name looks like a pattern is taken as it is", () => {
  const { items } = healthQueue({ ...healthy, tests: problem("npm test", ["app/[id]/page.tsx"]) })
  expect(items[0]?.task.scope).toEqual([{ pattern: "app/[[]id]", access: "write" }])
})

test("what is not known is told, and is no work; a command that does not end is looked into", () => {
  const { items, unknown } = healthQueue({
    ...healthy,
    lint: command("", { status: "unknown", why: "no linter was found", command: null }),
    tests: command("npm test", { status: "unknown", why: "it did not end within 300 seconds", timedOut: true }),
  })
  expect(unknown).toEqual(["tests: it did not end within 300 seconds", "lint: no linter was found"])
  expect(items.map(({ task }) => [task.key, task.type])).toEqual([["tests-hang", "research"]])
})

const anyCommand = fc.record({
  status: fc.constantFrom("ok", "problem", "unknown"),
  why: fc.string(),
  command: fc.option(fc.constantFrom("npm test", "make lint")),
  timedOut: fc.boolean(),
  evidence: fc.string(),
  files: fc.array(fc.constantFrom("a.ts", "src/a.ts", "src/api/x/y.ts", "src/ui/z.ts", "docs/b.md"), { maxLength: 4 }),
})
const anyFindings: fc.Arbitrary<HealthFindings> = fc.record({
  typecheck: anyCommand,
  tests: anyCommand,
  lint: anyCommand,
  audit: fc.constantFrom(healthy.audit, ill.audit),
  todos: fc.array(fc.constantFrom("", "src", "src/api", "src/ui", "docs"), { maxLength: 5 }).map((names) => ({
    status: "problem" as const,
    why: "many",
    total: 9,
    directories: [...new Set(names)].map((directory) => ({ directory, count: 9, perThousandLines: 9 })),
  })),
  staleBranches: fc.constantFrom(healthy.staleBranches, ill.staleBranches),
  notices: fc.constant([]),
})

test("whatever was found, the queue is a sound plan: bounded, needs before dependants, no overlap within a wave, three agents at most", () => {
  fc.assert(
    fc.property(anyFindings, (findings) => {
      const queue = healthQueue(findings)
      expect(queue.items.length).toBeLessThanOrEqual(queueMax)
      const plan = healthPlan(queue)
      if (plan !== null) expect(checkPlan(plan).filter((fault) => fault.severity === "error")).toEqual([])
      for (const [wave, items] of Map.groupBy(queue.items, (item) => item.wave)) {
        expect(items.length).toBeLessThanOrEqual(3)
        for (const [at, one] of items.entries()) for (const other of items.slice(at + 1)) expect(firstOverlap(one.task.scope, other.task.scope)).toBeNull()
        for (const need of items.flatMap((item) => item.task.after)) expect(queue.items.find((item) => item.task.key === need.key)?.wave).toBeLessThan(wave)
      }
    }),
  )
})
