/** Campaigns whose plan an agent makes: what is weak goes back to it, what never comes ends the run, and what it writes is nobody's work. */
import { expect, test, vi } from "vitest"
import { answers, campaignOf, decide, module, plan, sessionFile, telemetry, textOf, toldTo, writes, yaml } from "./campaigns.ts"
import { scenario } from "./scenario.ts"

/** Whole campaigns: on a busy machine they take their time. */
vi.setConfig({ testTimeout: 180_000 })

test("a weak plan goes back to its planner with what is wrong, and what the planner writes is no part of the work", async () => {
  await using fleet = await scenario({ slots: 4, files: { "README.md": "# A project\n", "AGENTS.md": "House rule: three streams.\n" } })
  const weak = `${writes("planners-own.txt", "x")} ${answers(yaml([module("api"), module("web")]))}`
  const good = answers(yaml([module("api"), module("web"), module("docs")], ["test ! -e planners-own.txt"]))
  await fleet.start(campaignOf(fleet, { direction: `Build a small site. [[if attempt=1]] ${weak} [[else]] ${good} [[end]]` }))
  const run = await fleet.settled()
  expect(run.status).toBe("done")
  expect(run.waves.map(({ tasks }) => tasks)).toEqual([["api", "web", "docs"]])
  const [first = "", second = ""] = await toldTo(fleet, "plan")
  for (const text of ["House rule: three streams.", "Build a small site.", "scope"]) expect(first).toContain(text)
  expect(first).not.toContain("was not taken yet")
  expect(second).toMatch(/Your plan was not taken yet[\s\S]*only 2 tasks can run at the same time/)
  expect(await fleet.repo.git("ls-tree", "--name-only", "main")).toBe("AGENTS.md\nREADME.md\nsrc")
  expect(await fleet.repo.git("log", "--format=%s", "main", "--", "planners-own.txt")).toBe("")
})

test("a planner that hands in no plan ends the run, which says why; a start that is denied starts nobody", async () => {
  await using fleet = await scenario({ slots: 4 })
  const slug = await fleet.start(campaignOf(fleet, { direction: 'Build a small site. [[say "I would rather not."]]' }))
  const run = await fleet.settled()
  expect(run.status).toBe("failed")
  const [planner] = run.tasks
  expect(planner?.attempts).toHaveLength(3)
  expect(run.reason).toMatch(/^no plan was made: its plan is not usable: ./)
  expect(run.campaign?.handoff).toContain(
    `- Next: no plan was made: fleet retry ${run.id}/plan asks for one once more\n- Reversibility: nothing landed, nothing to revert\n`,
  )
  expect(await textOf(sessionFile(fleet, slug))).not.toContain("Status: completed")

  await fleet.start(campaignOf(fleet, { plan: plan([module("api"), module("web"), module("docs")]), confirmed: "no" }))
  await decide(fleet, await fleet.until("the start waits for a person", (view) => view.campaign?.hold === "start"), false)
  const denied = await fleet.settled()
  expect(denied.status).toBe("cancelled")
  expect(denied.tasks.flatMap(({ attempts }) => attempts)).toEqual([])
  expect(await fleet.landed()).toEqual([])
  expect((await telemetry(fleet)).filter(({ event }) => event === "wave-start")).toEqual([])
})
