import { expect, test } from "vitest"
import { task } from "../world/world.ts"
import { scenario } from "./scenario.ts"

test("a plan goes in, agents do it in parallel, and what they made lands in the order of its needs", async () => {
  await using fleet = await scenario()
  await fleet.submit([
    task("schema", { prompt: '[[write path="db.sql" text="create table t;\\n"]] [[commit message="add schema"]]' }),
    task("docs", { prompt: '[[write path="DOCS.md" text="docs\\n"]] [[handoff "wrote docs"]]' }),
    task("api", { after: ["schema"], prompt: '[[run cmd="cat db.sql > api.txt"]] [[commit message="add api"]]', checks: ["test -s api.txt"] }),
  ])
  const run = await fleet.settled()
  expect(run).toMatchObject({ status: "done", counts: { done: 3 } })
  expect(await fleet.file("api.txt")).toBe("create table t;")
  const landed = await fleet.landed()
  expect(landed.toSorted()).toEqual(["api", "docs", "schema"])
  expect(landed.indexOf("schema")).toBeLessThan(landed.indexOf("api"))
  const docs = await fleet.task("docs")
  expect(docs.proof).toMatchObject({ committedByFleet: true, commits: 1, handoff: expect.stringContaining("wrote docs") })
  expect(await fleet.client.diff(run.id, "docs")).toMatchObject({ files: [{ path: "DOCS.md", status: "added" }], patch: expect.stringContaining("+docs") })
  await fleet.tidied()
  expect(await fleet.leftovers()).toEqual([])
})
