/** Speculative campaigns: several ways from one commit, compared by what Fleet saw; one lands, the others stay on their branches. */
import { expect, test, vi } from "vitest"
import { task } from "../world/world.ts"
import { answers, campaignOf, decide, handsOff, plan, section, sessionFileWith, tidied, writes, yaml } from "./campaigns.ts"
import { describe as told, scenario, type Scenario } from "./scenario.ts"

/** Whole campaigns: on a busy machine they take their time. */
vi.setConfig({ testTimeout: 180_000 })

/** Its own words, so that no two are the same strategy. */
const strategy = (key: string, does: string, words: string) =>
  task(key, { title: `Greet the ${key} way`, scope: ["src/greet.txt"], prompt: `${words}. ${does}`, checks: ["test $(wc -l < src/greet.txt) -lt 3"] })

const rivals = [
  strategy(
    "plain",
    `${writes("src/greet.txt", "plain")} ${handsOff("Decision: one flat function", "Tradeoffs: hard to mock")}`,
    "Keep one flat function without state, arguments only",
  ),
  strategy(
    "class-based",
    `${writes("src/greet.txt", "class\\nbased")} ${handsOff("Decision: a container")}`,
    "Build classes resolved through dependency injection containers",
  ),
  strategy(
    "generated",
    `${writes("src/greet.txt", "a\\nb\\nc\\nd")} ${handsOff("Decision: a template")}`,
    "Emit everything from mustache templates during compilation",
  ),
]

const branches = async (fleet: Scenario): Promise<string[]> =>
  (await fleet.repo.git("for-each-ref", "--format=%(refname:short)", "refs/heads/speculative", "refs/tags")).split("\n").filter((line) => line !== "")

test("a strategist's strategies start from one commit and are compared; the picked one lands through the queue, the others are archived and not deleted", async () => {
  await using fleet = await scenario({ slots: 4 })
  const base = await fleet.repo.git("rev-parse", "main")
  const slug = await fleet.start(campaignOf(fleet, { mode: "speculative", strategies: 3, waveSize: null, direction: `Greet people. ${answers(yaml(rivals))}` }))
  const held = await fleet.until("a strategy is to be picked", (view) => view.campaign?.hold === "pick")
  const compared = await fleet.client.comparison(slug)
  expect(compared.base).toBe(base)
  expect(compared.strategies.map(({ key, status, checks: ran }) => [key, status, ran?.passed, ran?.failed])).toEqual([
    ["plain", "ready", 1, 0],
    ["class-based", "ready", 1, 0],
    ["generated", "ready", 0, 1],
  ])
  expect(compared.strategies[0]).toMatchObject({ decision: "one flat function", tradeoffs: "hard to mock", diff: { files: 1, additions: 1 } })
  for (const { branch } of compared.strategies) expect(await fleet.repo.git("merge-base", "main", branch)).toBe(base)
  await expect(fleet.client.pick(slug, "unknown")).rejects.toMatchObject({ fault: { code: "unknown-strategy" } })
  await fleet.client.pick(slug, "class-based")
  const run = await fleet.settled()
  expect(run.status, told(run)).toBe("done")
  expect(held.approvals).toHaveLength(1)
  expect(await fleet.client.approvals()).toEqual([])
  expect(await fleet.landed()).toEqual(["class-based"])
  expect(await fleet.file("src/greet.txt")).toBe("class\nbased")
  const text = await sessionFileWith(fleet, slug, "Status: completed", "Merged: ")
  const table = section(text, "Speculative Comparison")
  expect(table).toContain("Strategies: 3")
  expect(table).toContain(`| class-based | speculative/${slug}/class-based | merged | pass | a container |`)
  expect(table).toContain(`| generated | speculative/${slug}/generated | archived | fail (1) | a template |`)
  expect(table).toContain("Winner: class-based")
  expect(await tidied(fleet)).toEqual([])
  for (const key of ["plain", "generated"])
    expect(await branches(fleet)).toEqual(expect.arrayContaining([`speculative/${slug}/${key}`, `archive/speculative/${slug}/${key}`]))
})

test("the best by a benchmark is picked without a question, and where a person wants none of them nothing lands", async () => {
  await using fleet = await scenario({ slots: 4 })
  const of = { mode: "speculative", strategies: 3, waveSize: null, plan: plan(rivals) } as const
  await fleet.start(campaignOf(fleet, { ...of, benchmark: "wc -l < src/greet.txt", pickBest: true }))
  const best = await fleet.settled()
  expect(best.status, told(best)).toBe("done")
  expect(best.campaign?.picked).toBe("plain")
  expect((await fleet.client.comparison(best.id)).strategies.map(({ key, benchmark }) => [key, benchmark])).toEqual([
    ["plain", 1],
    ["class-based", 2],
    ["generated", 4],
  ])
  expect(await fleet.landed()).toEqual(["plain"])

  const others = rivals.map((one) => ({
    ...one,
    prompt: one.prompt.replaceAll("src/greet.txt", "src/other.txt"),
    scope: [{ pattern: "src/other.txt", access: "write" as const }],
    checks: [],
  }))
  const slug = await fleet.start(campaignOf(fleet, { ...of, plan: plan(others) }))
  await decide(fleet, await fleet.until("a strategy is to be picked", (view) => view.campaign?.hold === "pick"), false)
  const none = await fleet.settled()
  expect(none.tasks.map(({ status }) => status)).toEqual(["archived", "archived", "archived"])
  expect(none.reason).toBe("no strategy was picked")
  expect(await fleet.landed()).toEqual(["plain"])
  expect(await tidied(fleet)).toEqual([])
  expect((await branches(fleet)).filter((name) => name.startsWith(`archive/speculative/${slug}/`))).toHaveLength(3)
})
