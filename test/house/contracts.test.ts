/** The list of what Fleet honours of each contract is whole, and every test that it names is there. */
import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"

const root = new URL("../../", import.meta.url)
const weave = readFileSync(new URL("docs/contracts/weave.md", root), "utf8")

interface Row {
  readonly id: string
  readonly does: string
  readonly tests: string
}

const rows: readonly Row[] = weave
  .split("\n")
  .filter((line) => line.startsWith("| W."))
  .map((line) => {
    const [, id = "", , does = "", tests = ""] = line.replaceAll("\\|", "\0").split("|")
    return { id: id.trim(), does: does.replaceAll("\0", "|").trim(), tests: tests.replaceAll("\0", "|").trim() }
  })
const ids = rows.map((row) => row.id)
const numbered = (section: string, count: number): string[] => Array.from({ length: count }, (_, at) => `${section}.${at + 1}`)

/** As `path › test name`, in backticks. */
const named = rows.flatMap((row) => [...row.tests.matchAll(/`([^`›]+) › ([^`]+)`/g)].map(([, file = "", name = ""]) => ({ id: row.id, file, name })))

test("every number of W.1, W.3 and W.4 is there once", () => {
  for (const expected of [numbered("W.1", 33), numbered("W.3", 8), numbered("W.4", 18)]) {
    const section = `${expected[0]?.split(".").slice(0, 2).join(".")}.`
    expect(ids.filter((id) => id.startsWith(section))).toEqual(expected)
  }
})

test("every route that a user of that product relies on is there", () => {
  const routes = weave.split("\n").filter((line) => line.startsWith("| W.2.1 "))
  for (const route of [
    "GET /api/sessions",
    "POST /api/sessions",
    "GET /api/sessions/:id",
    "PATCH /api/sessions/:id",
    "DELETE /api/sessions/:id",
    ...["prompt", "command", "abort", "resume", "fork"].map((verb) => `POST /api/sessions/:id/${verb}`),
    ...["status", "messages", "diffs", "events", "files"].map((noun) => `GET /api/sessions/:id/${noun}`),
    "GET/POST/DELETE/PATCH /api/sessions/:id/files/*path",
    "GET /api/activity-stream",
    "GET /api/fleet/summary",
    "GET /api/fleet/identity",
    "GET /api/instances/:id/{agents,commands,models}",
    "GET /api/instances/:id/find/files",
    "GET/PUT /api/config",
    "GET/POST /api/workspace-roots",
    "DELETE /api/workspace-roots/:id",
    "GET /api/profile",
    "GET /api/version",
  ])
    expect(
      routes.filter((line) => line.includes(`| \`${route}\` |`)),
      route,
    ).toHaveLength(1)
})

test("each says what does it, and is shown by a test, or left out with the reason", () => {
  for (const row of rows) {
    expect(row.does, row.id).not.toBe("")
    const shown = named.some((one) => one.id === row.id) || row.tests.startsWith("none: ")
    expect(shown, `${row.id}: ${row.tests}`).toBe(true)
    if (row.tests.startsWith("none")) expect(row.tests, row.id).toMatch(/^none: .{10}/)
  }
})

test("every test that the list names is there", () => {
  expect(named.length).toBeGreaterThan(20)
  const missing = named.filter(({ file, name }) => {
    const path = fileURLToPath(new URL(file, root))
    return !existsSync(path) || !isTestOf(readFileSync(path, "utf8"), name)
  })
  expect(missing).toEqual([])
})

test("a test that is not there would be noticed", () => {
  expect(isTestOf('test("one thing", () => {})', "one thing")).toBe(true)
  expect(isTestOf('])("%s of many", () => {})', "%s of many")).toBe(true)
  expect(isTestOf('const x = "one thing"', "one thing")).toBe(false)
})

/** Called with the name, by itself or after a table of cases. */
function isTestOf(text: string, name: string): boolean {
  return [JSON.stringify(name), `\`${name}\``].some((written) => text.includes(`(${written},`) || text.includes(`(\n  ${written},`))
}
