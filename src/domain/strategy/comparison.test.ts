import { expect, test } from "vitest"
import { endTurn, goOn, theRun, worldOf } from "../../../test/world/turns.ts"
import { task } from "../../../test/world/world.ts"
import { comparisonOf } from "./comparison.ts"

test("a strategy that nobody has begun is queued, as its task is; one at work is working", () => {
  const of = worldOf()
  of.submit(
    ["class-based", "functional"].map((key) => task(key, { scope: ["src/auth"] })),
    {},
    "run-aaaa",
    { mode: "speculative", slug: "auth", strategies: 2, base: "0ba5e", confirmed: "no" },
  )
  const statuses = () => comparisonOf(of.state, theRun(of)).strategies.map(({ status }) => status)
  expect(theRun(of).hold?.for).toBe("start")
  expect(statuses()).toEqual(["queued", "queued"])
  const [approval] = of.state.approvals.values()
  of.tell({ type: "approval.answer", approval: approval?.id as never, allow: true, note: null, by: "me" } as never)
  goOn(of)
  expect(statuses()).toEqual(["working", "working"])
})

test("what an agent decided is its key decision, whether it calls it so or not", () => {
  const of = worldOf()
  of.submit(
    ["named", "told"].map((key) => task(key, { scope: ["src/auth"] })),
    {},
    "run-aaaa",
    { mode: "speculative", slug: "auth", strategies: 2, base: "0ba5e" },
  )
  goOn(of)
  endTurn(of, "named", { text: "---HANDOFF---\n- Built: it\n- Decision: tables\n---" })
  endTurn(of, "told", { text: "---HANDOFF---\n- Built: it\n- Decided one way\n---" })
  expect(comparisonOf(of.state, theRun(of)).strategies.map(({ decision }) => decision)).toEqual(["tables", "Decided one way"])
})
