import { expect, test } from "vitest"
import { checkStrategies, criticiseStrategies, isLabel, similarity } from "./criticise-strategies.ts"
import { planOf, type TaskWords } from "./plan.fixture.ts"

const strategies: TaskWords[] = [
  { key: "class-based", prompt: "Extract the auth middleware into a class whose collaborators come from a dependency injection container" },
  { key: "functional", prompt: "Compose curried middleware functions in src/auth/pipeline.ts; every step returns the next request" },
  { key: "factory", prompt: "Keep flat functions and add createAuth(), a factory that closes over the settings" },
].map((task) => ({ ...task, scope: ["src/auth"] }))
const codes = (tasks: readonly TaskWords[], count = tasks.length): string[] =>
  criticiseStrategies(planOf(...tasks), count).map(({ code, line }) => `${code} ${line ?? "-"}`)
const withThird = (of: Partial<TaskWords>): TaskWords[] => strategies.map((task, at) => (at === 2 ? { ...task, ...of } : task))

test("rival strategies towards the same files by different ways have nothing to be mended", () => {
  expect(codes(strategies)).toEqual([])
})

test("that rivals write the same files is no fault of theirs", () => {
  expect(checkStrategies(planOf(...strategies), 3)).toEqual([])
})

test.each<[string, TaskWords[], number]>([
  ["strategies-count -", strategies, 4],
  ["strategies-count -", strategies.slice(0, 2), 3],
  ["strategies-count -", strategies.slice(0, 1), 1],
  ["label 3", withThird({ key: "Factory_fn" }), 3],
  ["other-scope 3", withThird({ scope: ["src/auth", "src/http"] }), 3],
  ["ordered 3", withThird({ after: ["functional"] }), 3],
  ["vague 3", withThird({ prompt: "refactor the code" }), 3],
  ["alike 3", withThird({ prompt: strategies[1]?.prompt?.replace("curried", "small") ?? "" }), 3],
])("%s is found", (found, tasks, count) => expect(codes(tasks, count)).toEqual([found]))

test("strategies without a scope are sent back", () => {
  expect(codes(strategies.map((task) => ({ ...task, scope: [] })))).toContain("no-scope 1")
})

test("more than eight are too many, whatever was asked for", () => {
  const many = Array.from({ length: 9 }, (_, at) => ({ ...strategies[0]!, key: `s${at}` }))
  expect(codes(many, 9)[0]).toBe("strategies-count -")
})

test.each(["class-based", "a", "factory-fn2"])("%s can be a label", (text) => expect(isLabel(text)).toBe(true))
test.each(["", "-a", "a-", "a--b", "A", "a/b", "a.b", "a b", "x".repeat(41)])("%j cannot", (text) => expect(isLabel(text)).toBe(false))

test("likeness goes from nothing to all", () => {
  expect(similarity(new Set(["a"]), new Set(["b"]))).toBe(0)
  expect(similarity(new Set(["a", "b"]), new Set(["a", "b"]))).toBe(1)
  expect(similarity(new Set(), new Set())).toBe(1)
})
