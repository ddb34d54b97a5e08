import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { cliReference } from "./reference.ts"

test("docs/reference/cli.md is what the commands say; otherwise: npm run docs", () => {
  expect(readFileSync(new URL("../../../docs/reference/cli.md", import.meta.url), "utf8")).toBe(cliReference())
})
