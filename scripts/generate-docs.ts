/** Writes the generated pages of `docs/reference`. A test beside each source says when a page is out of date. */
import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { cliReference } from "../src/surfaces/cli/reference.ts"

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..")
const pages: readonly (readonly [file: string, text: () => string])[] = [["docs/reference/cli.md", cliReference]]

for (const [file, text] of pages) {
  mkdirSync(dirname(resolve(root, file)), { recursive: true })
  writeFileSync(resolve(root, file), text())
  console.log(`wrote ${file}`)
}
