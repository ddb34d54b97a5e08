import fc from "fast-check"
import { expect, test } from "vitest"
import { taskOf } from "../plan/plan.fixture.ts"
import type { PlanTask } from "../plan/plan.ts"
import { agentKind, fits, fitWave, kindEffort, kindTokens, tokensOf, tokensOfAll, usualWave, waveTokensMax } from "./tokens.ts"

const task = (of: Partial<Pick<PlanTask, "type" | "role" | "effort">>): PlanTask => taskOf({ key: "t", ...of }, 0)
const [scout, execution, verify] = [task({ type: "research" }), task({ type: "build" }), task({ role: "verifier" })]
const many = (...of: readonly [PlanTask, number][]): PlanTask[] => of.flatMap(([one, count]) => Array.from({ length: count }, () => one))

test("scouts need 100K tokens at medium effort, execution 250K at high, verifying 60K at low; a wave has 700K", () => {
  expect(kindTokens).toEqual({ scout: 100_000, execution: 250_000, verify: 60_000 })
  expect(kindEffort).toEqual({ scout: "medium", execution: "high", verify: "low" })
  expect(waveTokensMax).toBe(700_000)
})

test.each<[string, Partial<Pick<PlanTask, "type" | "role" | "effort">>]>([
  ["execution", { type: "build" }],
  ["execution", { type: "skill" }],
  ["scout", { type: "research" }],
  ["scout", { role: "security auditor" }],
  ["verify", { role: "QA" }],
  ["verify", { role: "typecheck" }],
  ["verify", { type: "research", role: "tester" }],
  ["verify", { type: "build", effort: "low" }],
  ["scout", { type: "build", effort: "Medium" }],
  ["execution", { type: "research", role: "qa", effort: "xhigh" }],
  ["scout", { type: "research", effort: "whatever" }],
])("it is %s work: %j", (kind, of) => {
  expect(agentKind(task(of))).toBe(kind)
  expect(tokensOf(task(of))).toBe(kindTokens[agentKind(task(of))])
})

test.each<[boolean, [PlanTask, number][]]>([
  [true, [[scout, 7]]],
  [false, [[scout, 8]]],
  [true, [[execution, 2]]],
  [true, [[execution, 3]]],
  [false, [[execution, 4]]],
  [
    true,
    [
      [execution, 1],
      [scout, 4],
    ],
  ],
  [
    false,
    [
      [execution, 1],
      [scout, 5],
    ],
  ],
  [true, [[verify, 11]]],
])("the contract's wave maths: %j", (fit, of) => expect(fits(many(...of), { agentsMax: 20, tokensMax: waveTokensMax })).toBe(fit))

test("a wave takes at most three agents, and fewer when they are too much together", () => {
  expect(fitWave(many([execution, 5]))).toHaveLength(3)
  expect(fitWave(many([execution, 5]), { agentsMax: 5, tokensMax: 500_000 })).toHaveLength(2)
  expect(fitWave([execution, execution, scout], { agentsMax: 3, tokensMax: 350_000 })).toEqual([execution, scout])
  expect(fitWave([execution], { agentsMax: 3, tokensMax: 1 })).toEqual([execution])
  expect(fitWave([])).toEqual([])
})

test("a wave of several agents never exceeds its limits, and is never empty while there is work", () => {
  const kinds = fc.array(fc.constantFrom(scout, execution, verify), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(kinds, fc.integer({ min: 1, max: 9 }), (tasks, agentsMax) => {
      const wave = fitWave(tasks, { ...usualWave, agentsMax })
      expect(wave.length).toBeGreaterThan(0)
      expect(wave.length).toBeLessThanOrEqual(agentsMax)
      expect(tokensOfAll(wave)).toBeLessThanOrEqual(wave.length <= 3 ? 750_000 : 700_000)
    }),
  )
})
