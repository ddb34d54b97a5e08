/** The lists of what Fleet honours of each contract are whole, and every test that they name is there. */
import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"

const root = new URL("../../", import.meta.url)

interface Contract {
  readonly name: string
  /** Begins its numbers. */
  readonly letter: string
  /** The sections that must be whole, with the last number of each. */
  readonly last: Readonly<Record<string, number>>
  /** What a section without numbers must have, each on a row of its own. */
  readonly named: Readonly<Record<string, readonly string[]>>
}

const contracts: readonly Contract[] = [
  {
    name: "weave",
    letter: "W",
    last: { "W.1": 33, "W.3": 8, "W.4": 18 },
    named: {
      "W.2.1": [
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
      ],
    },
  },
  {
    name: "citadel",
    letter: "C",
    last: { "C.1": 135, "C.3": 13, "C.4": 13 },
    named: {
      "C.2": [
        "generate-id",
        "register",
        "unregister",
        "heartbeat",
        "claim",
        "release",
        "check-overlap",
        "sweep",
        "status",
        "queue of 7 and of 9 columns",
        "statuses of rows",
        "trust: 20 sessions and 2 campaigns",
        "consent values",
      ],
    },
  },
]

interface Row {
  readonly id: string
  readonly what: string
  readonly does: string
  readonly tests: string
}

/** Cells are parted by bars; `\|` is one that is meant. */
function rowsOf({ name, letter }: Contract): Row[] {
  return readFileSync(new URL(`docs/contracts/${name}.md`, root), "utf8")
    .split("\n")
    .filter((line) => line.startsWith(`| ${letter}.`))
    .map((line) => {
      const cells = line.replaceAll("\\|", "\0").split("|")
      const [, id = "", what = "", does = "", tests = ""] = cells.map((cell) => cell.replaceAll("\0", "|").trim())
      return { id, what, does, tests }
    })
}

describe.each(contracts)("the list of $name", (contract) => {
  const rows = rowsOf(contract)
  const ids = rows.map((row) => row.id)
  /** As `path › test name`, in backticks. */
  const shown = rows.flatMap((row) => [...row.tests.matchAll(/`([^`›]+) › ([^`]+)`/g)].map(([, file = "", name = ""]) => ({ id: row.id, row, file, name })))

  test("has every number once, in order", () => {
    for (const [section, count] of Object.entries(contract.last)) {
      const numbers = Array.from({ length: count }, (_, at) => `${section}.${at + 1}`)
      expect(ids.filter((id) => id.startsWith(`${section}.`))).toEqual(numbers)
    }
  })

  test("has everything that a user of that product relies on", () => {
    for (const [section, names] of Object.entries(contract.named))
      for (const name of names)
        expect(
          rows.filter((row) => row.id === section && row.what.replaceAll("`", "") === name),
          name,
        ).toHaveLength(1)
  })

  test("says of each what does it, and by which test it is shown, or why none is due", () => {
    for (const row of rows) {
      expect(row.does, row.id).not.toBe("")
      expect(shown.some((one) => one.row === row) || row.tests.startsWith("none: "), `${row.id}: ${row.tests}`).toBe(true)
      if (row.tests.startsWith("none")) expect(row.tests, row.id).toMatch(/^none: .{10}/)
    }
  })

  test("names tests that are there", () => {
    expect(shown.length).toBeGreaterThan(20)
    const missing = shown.filter(({ file, name }) => {
      const path = fileURLToPath(new URL(file, root))
      return !existsSync(path) || !isTestOf(readFileSync(path, "utf8"), name)
    })
    expect(missing.map(({ id, file, name }) => ({ id, file, name }))).toEqual([])
  })
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
