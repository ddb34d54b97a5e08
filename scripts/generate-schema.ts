/** Writes schema/plan.json and docs/reference/plan.md from the plan's zod schema. Run by hand; a test says when it has to be. */
import { mkdir, writeFile } from "node:fs/promises"
import path from "node:path"
import { planJsonSchema, planReference } from "../src/protocol/plans/reference.ts"

const root = path.resolve(import.meta.dirname, "..")
for (const [file, text] of [
  ["schema/plan.json", planJsonSchema()],
  ["docs/reference/plan.md", planReference()],
] as const) {
  await mkdir(path.dirname(path.join(root, file)), { recursive: true })
  await writeFile(path.join(root, file), text)
  console.log(`wrote ${file}`)
}
