import { expect, test } from "vitest"
import { languageOf } from "./language.ts"
import { roleOf } from "./role.ts"

test.each([
  ["src/a.ts", "typescript", "source"],
  ["src/a.test.tsx", "tsx", "test"],
  ["tests/test_shop.py", "python", "test"],
  ["shop_test.go", "go", "test"],
  ["src/test/java/ShopTest.java", "java", "test"],
  ["src/types.d.ts", "typescript", "types"],
  ["docs/a.md", "markdown", "docs"],
  ["package.json", "json", "config"],
  ["vite.config.js", "javascript", "config"],
  [".gitignore", "text", "config"],
  ["scripts/release.sh", "bash", "script"],
  ["Makefile", "make", "config"],
  ["include/shop.h", "cpp", "source"],
  ["a/constructor", "text", "source"],
  ["LICENSE", "text", "docs"],
  ["a.__proto__", "text", "source"],
  ["latest/contest.ts", "typescript", "source"],
])("%s is %s, for %s", (path, language, role) => {
  expect([languageOf(path), roleOf(path, languageOf(path))]).toEqual([language, role])
})
