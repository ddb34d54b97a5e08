/** The checks that the project itself names: nothing of a campaign lands without them, and the record says which passed. */
import { expect, test, vi } from "vitest"
import { campaignOf, module, plan, section, sessionFileWith } from "./campaigns.ts"
import { describe as told, scenario } from "./scenario.ts"

/** Whole campaigns: on a busy machine they take their time. */
vi.setConfig({ testTimeout: 180_000 })

// C.1.42, C.1.43, C.1.74
test("type check and tests of harness.json run on the merged wave, though the plan names none; what fails them goes back to its author", async () => {
  const harness = { typecheck: { command: "test ! -e src/web/broken.txt" }, test: "test -d src/api" }
  await using fleet = await scenario({ slots: 4, files: { "README.md": "# A project\n", ".claude/harness.json": JSON.stringify(harness) } })
  const breaks = `[[write path="src/web/broken.txt" text="x"]] [[commit message="web"]] [[handoff "Built: web"]]`
  const mends = `[[run cmd="git rm -q src/web/broken.txt"]] [[write path="src/web/web.txt" text="web"]] [[commit message="mended"]] [[handoff "Built: web"]]`
  const web = module("web", { does: `[[if attempt=1]] ${breaks} [[else]] ${mends} [[end]]` })
  const slug = await fleet.start(campaignOf(fleet, { plan: plan([module("api"), web, module("docs")], { checks: [] }) }))
  const run = await fleet.settled()
  expect(run.status, told(run)).toBe("done")
  expect(run.tasks.find(({ key }) => key === "web")?.attempts.map(({ reason }) => reason)).toEqual(["first", "repair"])
  expect(await fleet.repo.git("ls-tree", "-r", "--name-only", "main", "src/web")).toBe("src/web/web.txt")
  const text = await sessionFileWith(fleet, slug, "Status: completed")
  expect(section(text, "Wave 1 Results")).toContain(`(checks: \`${harness.typecheck.command}\`, \`${harness.test}\` passed)`)
})
