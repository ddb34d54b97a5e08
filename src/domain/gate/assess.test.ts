import fc from "fast-check"
import { expect, test } from "vitest"
import { parseScope } from "../scope/normalise.ts"
import type { Scope } from "../scope/scope.ts"
import { assessGate } from "./assess.ts"
import type { GateFacts, GateTask } from "./gate.ts"

const scope = (text: string): Scope => {
  const parsed = parseScope(text)
  if (!parsed.ok) throw new Error(parsed.fault.why)
  return parsed.scope
}
const tasks = (...scopes: readonly string[]): GateTask[] => scopes.map((text, at) => ({ title: `task ${at + 1}`, scope: text.split(", ").map(scope) }))

const facts = (of: Partial<GateFacts> = {}): GateFacts => ({
  mode: "standard",
  agents: 3,
  waves: 1,
  tokens: 750_000,
  tasks: tasks("src/api", "src/ui", "docs"),
  streams: 3,
  directory: null,
  trust: "trusted",
  consent: "unknown",
  ...of,
})

test("what is about to happen is said in the contract's own sentences", () => {
  expect(assessGate(facts({ agents: 5, waves: 2, tokens: 1_100_400 })).disclosure).toBe(
    "Spawning 5 agents across 2 waves in isolated worktrees. Estimated token budget: ~1100K.",
  )
  expect(assessGate(facts({ mode: "speculative", agents: 3 })).disclosure).toBe(
    "Running 3 parallel approaches to the same task. All will touch the same files.",
  )
})

test.each<[string, Partial<GateFacts>]>([
  ["green", { agents: 2, waves: 1 }],
  ["green", { mode: "quick", agents: 2, waves: 1 }],
  ["amber", { agents: 3, waves: 1 }],
  ["amber", { agents: 2, waves: 2 }],
  ["amber", { mode: "quick", agents: 4, waves: 1 }],
  ["red", { mode: "speculative", agents: 2, waves: 1 }],
  ["red", { agents: 2, waves: 1, tasks: tasks("src/api", "package-lock.json") }],
  ["red", { mode: "quick", agents: 2, waves: 1, tasks: tasks(".github/workflows/ci.yml", "src/ui") }],
  ["green", { agents: 2, waves: 1, tasks: tasks("src/api", "package.json (read-only)") }],
])("a campaign is %s when it has %j", (colour, of) => expect(assessGate(facts(of)).colour).toBe(colour))

test.each<[boolean, Partial<GateFacts>]>([
  [true, { trust: "novice", agents: 1 }],
  [true, { trust: "novice", agents: 2, consent: "allowed" }],
  [false, { trust: "novice", mode: "quick", agents: 2, consent: "allowed" }],
  [true, { trust: "novice", mode: "quick", agents: 2, consent: "unknown" }],
  [false, { trust: "familiar", agents: 3 }],
  [true, { trust: "familiar", agents: 4 }],
  [true, { trust: "familiar", agents: 2, mode: "speculative" }],
  [false, { trust: "trusted", agents: 6, waves: 3 }],
  [true, { trust: "trusted", agents: 7 }],
  [true, { trust: "trusted", mode: "quick", agents: 7, consent: "allowed" }],
  [true, { trust: "trusted", agents: 2, mode: "speculative" }],
  [true, { trust: "trusted", agents: 2, tasks: tasks("package.json", "src/ui") }],
  [true, { trust: "trusted", agents: 2, consent: "refused" }],
])("a person has to agree: %j, when it is %j", (needed, of) => expect(assessGate(facts(of)).confirm.needed).toBe(needed))

test("a person who is asked is shown the agents, each scope and the cost", () => {
  const { confirm } = assessGate(facts({ trust: "novice", waves: 2, tasks: [...tasks("src/api, docs (read-only)"), { title: "loose", scope: [] }] }))
  expect(confirm.show).toEqual(["3 agents in 2 waves", "task 1: src/api, docs (read-only)", "loose: no scope, so anything", "about 750K tokens"])
  expect(confirm.why).toEqual(["your trust level is novice, which is asked every time"])
})

test("of very many scopes the first are shown, and how many there are", () => {
  const many = Array.from({ length: 80 }, (_, at) => ({ title: `t${at}`, scope: [scope(`src/${at}`)] }))
  expect(assessGate(facts({ tasks: many })).confirm.show.at(-2)).toBe("and 30 more")
})

test.each<[string | null, Partial<GateFacts>]>([
  [null, { streams: 3 }],
  ["plain", { streams: 2 }],
  ["sequential", { directory: "src/api" }],
  ["sequential", { directory: "" }],
  [null, { tasks: tasks("src/api, docs/api", "src/ui", "src/cli") }],
  ["single", { tasks: tasks("src/api"), streams: 1 }],
  ["single", { mode: "quick", tasks: tasks("src/api"), streams: 1 }],
  [null, { mode: "quick", tasks: tasks("src/a.ts", "src/b.ts"), streams: 2 }],
  [null, { mode: "speculative", tasks: tasks("src/api", "src/api"), streams: 1 }],
])("so many agents are not warranted: %j, when it is %j", (to, of) => expect(assessGate(facts(of)).proportion?.to ?? null).toBe(to))

test("a downgrade says why", () => {
  expect(assessGate(facts({ streams: 2 })).proportion?.why).toBe("there are 2 independent streams, and waves need 3 or more; a run without waves does it")
  expect(assessGate(facts({ directory: "src/api" })).proportion?.why).toBe("all streams touch src/api, so they go one after the other")
})

const anyFacts: fc.Arbitrary<GateFacts> = fc.record({
  mode: fc.constantFrom("standard", "quick", "speculative"),
  agents: fc.nat(12),
  waves: fc.nat(4),
  tokens: fc.nat(5_000_000),
  tasks: fc.array(fc.constantFrom("src/api", "src/ui", "Dockerfile", "package.json", "docs", "**"), { maxLength: 6 }).map((found) => tasks(...found)),
  streams: fc.nat(6),
  directory: fc.constantFrom(null, "", "src/api"),
  trust: fc.constantFrom("novice", "familiar", "trusted"),
  consent: fc.constantFrom("allowed", "refused", "unknown"),
})

test("red is confirmed by a person for every trust and every consent, and so are more than six agents", () => {
  fc.assert(
    fc.property(anyFacts, (of) => {
      const { colour, confirm } = assessGate(of)
      if (colour === "red" || of.agents > 6) expect(confirm.needed).toBe(true)
      expect(confirm.needed).toBe(confirm.why.length > 0)
      if (of.trust === "novice" && of.mode !== "quick") expect(confirm.needed).toBe(true)
    }),
  )
})

test("more trust never asks more", () => {
  fc.assert(
    fc.property(anyFacts, (of) => {
      const asked = (["novice", "familiar", "trusted"] as const).map((trust) => Number(assessGate({ ...of, trust }).confirm.needed))
      expect(asked).toEqual(asked.toSorted((a, b) => b - a))
    }),
  )
})
