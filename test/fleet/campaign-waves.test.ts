/** Waves when things do not go well: overlaps, conflicts, workspaces that cannot be had, and nobody who succeeds. */
import path from "node:path"
import { expect, test, vi } from "vitest"
import { task } from "../world/world.ts"
import { campaignOf, decide, handsOff, module, plan, section, sessionFileWith, tidied, writes } from "./campaigns.ts"
import { describe as told, scenario, type Scenario } from "./scenario.ts"

/** Whole campaigns: on a busy machine they take their time. */
vi.setConfig({ testTimeout: 180_000 })

/** Agrees to every merge until the run is over; the questions. */
async function agreesToMerges(fleet: Scenario): Promise<string[]> {
  const questions = new Map<string, string>()
  for (;;) {
    const run = await fleet.until("a merge is asked for", (view) => view.endedAt !== null || view.approvals.some(({ id }) => !questions.has(id)))
    if (run.endedAt !== null) return [...questions.values()]
    for (const { id, kind, question } of run.approvals) {
      questions.set(id, `${kind}: ${question}`)
      await fleet.client.answer(id, true, null)
    }
  }
}

test("what overlaps goes into a later wave, a conflict goes back to its author while the others land, and each merge is agreed to", async () => {
  await using fleet = await scenario({ slots: 4 })
  const shares = (key: string) =>
    task(key, {
      title: `Say ${key} in the shared file`,
      prompt: `[[if conflict]] [[resolve path="shared.txt" text="both\\n"]] [[commit message="both"]] [[else]] ${writes("shared.txt", key)} [[end]] ${handsOff(key)}`,
    })
  const slug = await fleet.start(
    campaignOf(fleet, {
      confirmMerges: true,
      plan: plan([module("web"), module("more", { scope: ["src/web/more", "src/more"] }), shares("one"), shares("other")]),
    }),
  )
  const questions = await agreesToMerges(fleet)
  const run = await fleet.view()
  expect(run.status, told(run)).toBe("done")
  expect(questions[0]).toMatch(/^landing: merge wave 1 \(3 tasks, 2 files\) onto main\?$/)
  expect(run.waves[0]).toMatchObject({ tasks: ["web", "one", "other"] })
  expect(run.waves.find(({ tasks }) => tasks.includes("more"))?.number).toBe(2)
  expect(run.waves[0]?.moved.join()).toMatch(/more.*web/)
  expect(await fleet.file("shared.txt")).toBe("both")
  const landed = await fleet.landed()
  expect(landed.findIndex((line) => line.includes("web"))).toBeLessThan(landed.findIndex((line) => line === "other"))
  const text = await sessionFileWith(fleet, slug, "Status: completed")
  expect(section(text, "Merge Conflicts")).toContain("Say other in the shared file: shared.txt; resolved by its author")
  expect(await tidied(fleet)).toEqual([])
})

test("who gets no workspace is a gap in this wave and in the next one again", async () => {
  await using fleet = await scenario({ slots: 4 })
  const once = path.join(fleet.home, "failed-once")
  const setup = `case "$(git branch --show-current)" in */web) test -e '${once}' || { touch '${once}'; echo 'no room for it'; exit 1; } ;; esac`
  const slug = await fleet.start(campaignOf(fleet, { plan: plan([module("api"), module("web"), module("docs")], { setup }) }))
  const run = await fleet.settled()
  expect(run.status, told(run)).toBe("done")
  expect(run.waves.map(({ tasks, gaps }) => ({ tasks, gaps }))).toEqual([
    { tasks: ["api", "web", "docs"], gaps: ["web"] },
    { tasks: ["web"], gaps: [] },
  ])
  expect(section(await sessionFileWith(fleet, slug, "Status: completed"), "Gaps")).toContain("src/web (Write the web module): no workspace in wave 1")
})

test("when nobody of a wave succeeds a person is asked, told who failed and why, and can end it there", async () => {
  await using fleet = await scenario({ slots: 4 })
  const fails = (key: string) => module(key, { does: handsOff("status: failed", `${key} cannot be done`), retries: 0 })
  const slug = await fleet.start(campaignOf(fleet, { plan: plan([fails("api"), fails("web"), fails("docs"), module("last")]) }))
  const held = await fleet.until("a person is asked", (view) => view.campaign?.hold === "wave")
  expect(held.approvals[0]?.question).toBe("all of wave 1 failed: go on with the next wave?")
  for (const key of ["api", "web", "docs"]) expect(held.approvals[0]?.detail).toContain(`${key} cannot be done`)
  await sessionFileWith(fleet, slug, "Status: needs-continue")
  await decide(fleet, held, false)
  const run = await fleet.settled()
  expect(run.status).toBe("cancelled")
  expect(run.tasks.find(({ key }) => key === "last")?.attempts).toEqual([])
  expect(await fleet.landed()).toEqual([])
})
