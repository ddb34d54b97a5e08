import { expect, test } from "vitest"
import { newestOf, orAnother } from "./choose-session.ts"

const file = (started: string, rows: readonly string[], { status = "needs-continue", direction = "Add sign-in" } = {}): string =>
  [
    "# Fleet Session: x",
    `Status: ${status}`,
    `Started: ${started}`,
    `Direction: ${direction}`,
    "## Work Queue",
    "| # | Campaign | Scope | Deps | Status | Wave | Agent |",
    "|---|---|---|---|---|---|---|",
    ...rows.map((row, at) => `| ${at + 1} | Row | src/${at}/ | none | ${row} | - | builder |`),
  ].join("\n")
const session = (slug: string, found: string) => ({ slug, found })
const [early, late, latest] = ["2026-04-01T10:00:00Z", "2026-04-02T10:00:00Z", "2026-04-03T10:00:00Z"]

test("the newest is the one that began last, whatever a checkout made of its file", () => {
  const { slug, others } = newestOf([session("a", file(early, ["pending"])), session("b", file(late, ["pending"])), session("none", file("", ["pending"]))])
  expect([slug, others]).toEqual(["b", ["a", "none"]])
})

test("what is completed and has no row that waits, has nothing left or compares strategies is passed over, and so is a direction without a plan while there are rows", () => {
  const rivals = `${file(latest, ["pending"])}\n## Speculative Comparison\nDirection: x\n`
  const files = [
    session("rows", file(early, ["complete", "pending"])),
    session("direction", file(latest, [])),
    session("done", file(latest, ["complete", "blocked"], { status: "completed" })),
    session("all", file(latest, ["complete", "skip"])),
    session("rivals", rivals),
    session("nothing", file(latest, [], { direction: "" })),
  ]
  expect(newestOf(files)).toMatchObject({ slug: "rows", others: ["direction"] })
  expect(newestOf(files.slice(1))).toMatchObject({ slug: "direction", others: [] })
  expect(() => newestOf(files.slice(2))).toThrow("there is no campaign to go on with")
})

test("a row that somebody adds to one that is completed is something left", () => {
  const added = session("done", file(late, ["complete", "pending"], { status: "completed" }))
  expect(newestOf([session("rows", file(early, ["pending"])), added])).toMatchObject({ slug: "done", others: ["rows"] })
})

test("one that cannot be read is taken, and the others are named", () => {
  const { slug, others } = newestOf([session("a", file(late, ["pending"])), session("bad", "all gone"), session("b", file(latest, ["pending"]))])
  expect([slug, others]).toEqual(["bad", ["b", "a"]])
  expect(orAnother(others)).toBe("; or go on with another: fleet continue b, fleet continue a")
  expect(newestOf([session("bad", `Started: ${early}\nall gone`), session("a", file(late, ["pending"]))]).slug).toBe("a")
})
