import { expect, test } from "vitest"
import type { CampaignView } from "../../../protocol/campaign-views.ts"
import { HubClient } from "../client.ts"
import { plainPaint, unicodeSigns } from "../style.ts"
import { runView, startedAt, taskView } from "../testing/views.ts"
import { closingOf } from "./closing.ts"

const quick: CampaignView = {
  mode: "quick",
  slug: "sso-7k2f",
  direction: "Add SSO login",
  planning: false,
  gate: null,
  criticism: [],
  foreseen: [],
  hold: null,
  picked: null,
  sessionFile: null,
}
const options = { columns: 100, now: startedAt, signs: unicodeSigns, paint: plainPaint }

// C.1.115, C.1.121
test("the results of a quick campaign say what came of each task, and how a conflict is resolved by hand", async () => {
  const done = taskView("docs", "done")
  const [first] = done.attempts
  if (first === undefined) throw new Error("no attempt")
  const conflict = taskView("api", "failed", { reason: "conflict with main in list.txt", attempts: [first, { ...first, number: 2, reason: "repair" }] })
  const run = runView([done, conflict], { campaign: quick, status: "failed", endedAt: startedAt + 60_000 })
  // No hub is asked: all of it is in the view.
  const { results, handoff } = await closingOf(new HubClient("/nowhere"), run, options)
  expect(handoff).toBeNull()
  expect(results).toEqual([
    "",
    "✓ docs: done (0123456789)",
    "✗ api: failed",
    "    conflict with main in list.txt",
    "",
    "api conflicts with main. Its work is on its branch; to resolve it by hand:",
    "  git switch main",
    "  git merge fleet/sso-7k2f/api",
    "  git status        # mend the files that it names, then: git commit",
  ])
})
