import { expect, test } from "vitest"
import { answer, asked, goOn, landed, endTurn, theRun, working, worldOf } from "../../../test/world/turns.ts"
import { task, type World } from "../../../test/world/world.ts"
import type { Campaign } from "./campaign.ts"

/** Three streams in waves of three, and a person who is asked everything. */
function campaign(more: Partial<Campaign> = {}): World {
  const of = worldOf()
  const streams = ["a", "b", "c"].map((key) => task(key, { scope: [`src/${key}`] }))
  of.submit([...streams, task("d", { after: ["a"], scope: ["docs"] })], { waveSize: 3 }, "run-aaaa", {
    confirmed: "no",
    trust: "novice",
    consent: "unknown",
    ...more,
  })
  goOn(of)
  return of
}
const add = (of: World, scope: string, after: string[] = []) =>
  of.tell({ type: "run.extend", run: theRun(of).id, task: task("added", { scope: [scope], after }) })

// C.1.132
test("a task that is added or changed while it is asked whether the campaign may begin is in that question", () => {
  const of = campaign()
  expect(asked(of)[0]?.detail).toContain("amber")
  add(of, "package.json")
  expect(asked(of)).toMatchObject([
    { about: { kind: "start" }, detail: expect.stringMatching(/^red: it changes shared infrastructure: package\.json[^]*added: package\.json/) },
  ])
  of.tell({ type: "task.change", task: of.task("added").id, scope: task("x", { scope: ["web"] }).scope, after: null })
  expect(asked(of)).toMatchObject([{ detail: expect.stringMatching(/^amber[^]*added: web/) }])
  of.tell({ type: "task.skip", task: of.task("added").id })
  expect(asked(of)).toHaveLength(1)
  expect(asked(of)[0]?.detail).not.toContain("added")
  answer(of, true)
  goOn(of)
  expect(working(of)).toEqual(["a", "b", "c"])
})

// C.1.132
test("what is added or changed later, and touches what everything else stands on, starts when a person has agreed", () => {
  const of = campaign({ confirmed: "unless-red", trust: "trusted" })
  expect(working(of)).toEqual(["a", "b", "c"])
  add(of, ".github/workflows", ["a"])
  of.tell({ type: "task.change", task: of.task("d").id, scope: task("x", { scope: ["package-lock.json"] }).scope, after: null })
  for (const key of ["a", "b", "c"]) endTurn(of, key)
  landed(of)
  goOn(of)
  expect(working(of)).toEqual([])
  const details = asked(of).map(({ detail }) => detail.split("\n")[0] ?? "")
  expect(details.toSorted()).toEqual([
    "it changes shared infrastructure: .github/workflows (what CI runs)",
    "it changes shared infrastructure: package-lock.json (dependencies)",
  ])
})

test("nobody is asked of what is harmless, or where a person has agreed to all beforehand", () => {
  const of = campaign({ confirmed: "unless-red", trust: "trusted" })
  add(of, "web")
  expect(of.task("added").gateOpen).toBe(true)
  const agreed = campaign({ confirmed: "yes" })
  add(agreed, "package.json")
  expect(agreed.task("added").gateOpen).toBe(true)
})
