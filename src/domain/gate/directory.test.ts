import { expect, test } from "vitest"
import { parseScope } from "../scope/normalise.ts"
import type { Scope } from "../scope/scope.ts"
import { oneDirectory } from "./directory.ts"

const scope = (text: string): Scope => {
  const parsed = parseScope(text)
  if (!parsed.ok) throw new Error(parsed.fault.why)
  return parsed.scope
}

test.each<[string | null, string[]]>([
  ["src/api", ["src/api", "src/api/auth", "src/api/x.ts"]],
  ["", ["a.md", "b.md", "c.md"]],
  [null, ["src/api", "src/api-v2", "README.md"]],
  [null, ["src/api, docs/api", "src/ui", "src/cli"]],
  [null, ["README.md", "src/ui"]],
  [null, ["src/api", "src/api (read-only)"]],
  [null, ["src/api"]],
])("%j is the one directory of %j", (directory, streams) => expect(oneDirectory(streams.map((text) => text.split(", ").map(scope)))).toBe(directory))
