/** The scripts of the table in docs/planning.md are those that `fleet planning scripts` makes. */
import { mkdtempDisposable, readFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { placeDelegates } from "../../src/adapters/planning/delegates.ts"

test("every script that docs/planning.md names is made, and every one that is made is named", async () => {
  const text = await readFile(new URL("../../docs/planning.md", import.meta.url), "utf8")
  const [, table = ""] = /^\| script \| command \|\n([\s\S]*?)\n\n/m.exec(text) ?? []
  const named = [...table.matchAll(/^\|(.*?)\|/gm)].flatMap(([, cell = ""]) => [...cell.matchAll(/`([\w-]+\.c?js|npm run propagate)/g)].map(([, name]) => name))
  await using project = await mkdtempDisposable(path.join(tmpdir(), "fleet-scripts-"))
  const made = (await placeDelegates(project.path, { node: process.execPath, cli: "/nowhere" })).map(({ file }) => path.basename(file))
  expect(new Set(named.map((name) => (name === "npm run propagate" ? "propagate.cjs" : name)))).toEqual(new Set(made))
})
