import { expect, test } from "vitest"
import { task, World } from "../../../test/world/world.ts"
import type { Job } from "../worker/job.ts"
import { noUsage } from "../session/turn.ts"

function finish(world: World, key: string, items: readonly string[]): void {
  settle(world)
  const turn = world.jobsOf("session.turn").find((job) => job.kind === "session.turn" && job.session.split(".")[1] === key)
  if (turn?.kind !== "session.turn") throw new Error(`${key} has no turn`)
  world.report({ type: "turn.started", job: turn.key, session: turn.session })
  const text = ["---HANDOFF---", ...items.map((item) => `- ${item}`), "---"].join("\n")
  world.report({ type: "job.done", job: turn.key, result: { kind: "session.turn", outcome: { how: "completed", text, usage: noUsage } } })
  settle(world)
}

function settle(world: World): void {
  const next = (): Job | undefined => [...world.open.values()].map((action) => action.job).find((job) => job.kind !== "session.turn")
  for (let job = next(); job !== undefined; job = next()) world.succeed(job)
}

const promptOf = (world: World, key: string): string =>
  world.jobsOf("session.turn").flatMap((job) => (job.kind === "session.turn" && job.session.split(".")[1] === key ? [job.prompt] : []))[0] ?? ""

function world(...tasks: ReturnType<typeof task>[]): World {
  const made = new World()
  made.join(8)
  made.submit(tasks)
  return made
}

test("a task is told what those that it needs handed off, with where it comes from", () => {
  const of = world(task("api"), task("ui", { after: ["api"] }))
  finish(of, "api", ["Built: the login route", "Decided: tokens live in cookies"])
  expect(promptOf(of, "ui")).toContain("- task api: Decided: tokens live in cookies")
  expect(promptOf(of, "ui")).toContain("not checked by anybody")
})

test("the first task is told nothing, and hears no empty section", () => {
  const of = world(task("api"))
  settle(of)
  expect(promptOf(of, "api")).not.toContain("What others found")
})

test("what is about its own paths comes before what is not, and what an agent reported is told too", () => {
  const of = world(task("first", { scope: ["docs"] }), task("second", { scope: ["src/api"], after: ["first"] }))
  for (const [text, path] of [
    ["styles are generated", "web/css"],
    ["the router is lazy", "src/api/router.ts"],
  ] as const)
    of.tell({ type: "discovery.report", session: null, task: null, commonDirectory: "/repo/.git", text, paths: [path] })
  of.tell({ type: "discovery.report", session: null, task: null, commonDirectory: "/elsewhere/.git", text: "of another repository", paths: [] })
  finish(of, "first", ["Built: docs"])
  const prompt = promptOf(of, "second")
  expect(prompt.indexOf("the router is lazy")).toBeLessThan(prompt.indexOf("styles are generated"))
  expect(prompt.indexOf("Built: docs")).toBeLessThan(prompt.indexOf("the router is lazy"))
  expect(prompt).not.toContain("of another repository")
})

test("whatever was found, no prompt grows by more than a glance", () => {
  const of = world(task("first"), task("second", { after: ["first"] }))
  for (let n = 0; n < 500; n++)
    of.tell({ type: "discovery.report", session: null, task: null, commonDirectory: null, text: `${n} ${"x".repeat(3_000)}`, paths: [] })
  finish(
    of,
    "first",
    Array.from({ length: 50 }, (_, n) => `item ${n} ${"y".repeat(1_000)}`),
  )
  const prompt = promptOf(of, "second")
  expect(prompt).toContain("task first: item 0")
  expect(prompt.length).toBeLessThan(8_000)
})
