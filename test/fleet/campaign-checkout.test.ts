/** The person's checkout while a campaign keeps its record there. */
import { expect, test } from "vitest"
import { campaignOf, decide, module, plan, sessionFile, sessionFileWith, textOf } from "./campaigns.ts"
import { describe as told, scenario } from "./scenario.ts"

test("a record that somebody has committed goes on changing and stands in no landing's way; it is not in what agents made", async () => {
  await using fleet = await scenario({
    slots: 4,
    files: { "README.md": "# A project\n", ".claude/harness.json": '{ "trust": { "sessions_completed": 3 } }\n' },
  })
  const tasks = [module("api"), module("web"), module("docs")]
  const slug = await fleet.start(campaignOf(fleet, { plan: plan(tasks), confirmed: "no" }))
  const held = await fleet.until("the start waits for a person", (view) => view.campaign?.hold === "start")
  await sessionFileWith(fleet, slug, "Status: needs-continue")
  await fleet.repo.commit("the record")
  await decide(fleet, held, true)
  const run = await fleet.settled()
  expect(run.status, told(run)).toBe("done")
  await sessionFileWith(fleet, slug, "Status: completed")
  expect(await fleet.file(`.planning/fleet/session-${slug}.md`)).toContain("Status: needs-continue")
  expect(await textOf(sessionFile(fleet, slug))).toContain("## Wave 1 Results")

  await fleet.start(campaignOf(fleet, { plan: plan([module("more"), module("again"), module("last")]) }))
  expect((await fleet.settled()).status).toBe("done")
  expect(await fleet.repo.git("log", "--format=%s", "main", "--", ".planning", ".claude")).toBe("the record\nfirst")
})
