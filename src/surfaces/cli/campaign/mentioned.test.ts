import { expect, test } from "vitest"
import { readInline } from "../../../protocol/plans/inline.ts"
import { mentionedIn } from "./mentioned.ts"

test.each([
  ["fix `src/a.ts` and README.md.", ["src/a.ts", "README.md"]],
  ["clean src/ui/ up (see docs/guide/ui)", ["src/ui/", "docs/guide/ui"]],
  ["read https://x.org/a.html, and/or version 1.2.3 at once", []],
  ["write ../outside.txt, ./src/b.ts", ["./src/b.ts"]],
])("%s", (text, paths) => {
  const { plan } = readInline([text])
  expect(plan === null ? null : [...mentionedIn(plan).values()]).toEqual([paths])
})
