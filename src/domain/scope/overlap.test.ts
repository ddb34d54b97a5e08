import fc from "fast-check"
import { expect, test } from "vitest"
import { escapePattern } from "./literal.ts"
import { walk } from "./meet.ts"
import { alternatives, covers, firstOverlap, outside, overlaps } from "./overlap.ts"
import { parseScope } from "./normalise.ts"
import { overlappingPairs, ScopeTrie } from "./trie.ts"
import type { Scope } from "./scope.ts"

function scope(text: string): Scope {
  const parsed = parseScope(text)
  if (!parsed.ok) throw new Error(parsed.fault.why)
  return parsed.scope
}
const meet = (a: string, b: string, ignoreCase = false): boolean => overlaps(scope(a), scope(b), { ignoreCase })

test.each([
  ["src/api", "src/api/auth"],
  ["src/api/", "./src//api"],
  ["src/api/**", "src/api"],
  ["**", "README.md"],
  [".", "README.md"],
  ["src/**/x.ts", "src/a/*.ts"],
  ["**/package.json", "packages"],
  ["src/*.ts", "src/[a-c]*.ts"],
  ["src/{api,ui}/index.ts", "src/ui"],
  ["src/{a,b/{c,d}}", "src/b/d/e.ts"],
  ["a*c", "ab?"],
  ["app/[id]/page.tsx", "app/[id]"],
  ["app/[id]/page.tsx", "app/i/page.tsx"],
  ["docs/[!a]*.md", "docs/b.md"],
  ["**/test/**/*.ts", "src/test"],
  ["src/**/a/**/b", "src/x/a/b/c"],
  [".github", "*"],
  ["packages/next.js", "packages/next.js/src"],
  ["packages/next.js/", "**/*.md"],
  ["src/*.ts", "src/a.ts"],
  ["**/*.md", "docs"],
])("%s and %s overlap", (a, b) => {
  expect(meet(a, b)).toBe(true)
  expect(meet(b, a)).toBe(true)
})

test.each([
  ["src/api", "src/api-v2"],
  ["src/api/auth", "src/api/users"],
  ["src/*.ts", "src/*.md"],
  ["src/**/x.ts", "src/a/*.md"],
  ["src/[a-c]*.ts", "src/d.ts"],
  ["src/{api,ui}", "src/db"],
  ["docs/[!a]*.md", "docs/a.md"],
  ["src/?.ts", "src/ab.ts"],
  ["src/Api", "src/api"],
  ["**/*.md", "src/a.ts"],
  ["**/*.md", "src/*.ts"],
  ["src/*/x", "src/a.ts"],
])("%s and %s do not overlap", (a, b) => {
  expect(meet(a, b)).toBe(false)
  expect(meet(b, a)).toBe(false)
})

test("where the file system does not tell case apart, neither do scopes", () => {
  expect(meet("src/Api", "SRC/api", true)).toBe(true)
  expect(meet("src/[A-C].ts", "src/b.ts", true)).toBe(true)
  expect(meet("src/é", "src/e\u0301", true)).toBe(true)
})

test("a read-only scope conflicts with nothing", () => {
  expect(meet("src (read-only)", "src")).toBe(false)
  expect(meet("src (read-only)", "src (read-only)")).toBe(false)
  expect(firstOverlap([scope("src (read-only)"), scope("docs")], [scope("src"), scope("docs/a.md")])).toEqual([scope("docs"), scope("docs/a.md")])
})

test("outside names the paths that no write scope covers", () => {
  const scopes = [scope("src/api"), scope("docs (read-only)"), scope("**/*.test.ts")]
  expect(outside(scopes, ["src/api/a.ts", "src/api-v2/a.ts", "docs/a.md", "lib/a.test.ts", "src/api"])).toEqual(["src/api-v2/a.ts", "docs/a.md"])
  expect(outside([], ["a"])).toEqual(["a"])
})

test("file names are taken literally, also when they hold what a pattern would", () => {
  expect(covers(scope("src/ab.ts"), "src/a*.ts")).toBe(false)
  expect(covers(scope("src/*.ts"), "src/a*.ts")).toBe(true)
  expect(covers(scope("app/[id]/page.tsx"), "app/[id]/page.tsx")).toBe(true)
  expect(covers(scope("src/a b\n'é.ts"), "src/a b\n'é.ts")).toBe(true)
})

test("a scope that is deeper than the path does not cover it", () => {
  expect(covers(scope("src/api/auth"), "src/api")).toBe(false)
  expect(covers(scope("src/**/auth"), "src")).toBe(false)
})

test.each([
  ["src/api/", "src/api", "write"],
  ["./src//./api/**", "src/api", "write"],
  ["  src/api (read-only) ", "src/api", "read"],
  ["src/**/**/x", "src/**/x", "write"],
  [".", "**", "write"],
  ["next.js/", "next.js/**", "write"],
  ["src/{a/**,b}", "src/{a/**,b}", "write"],
])("%j reads as %s", (text, pattern, access) => expect(scope(text)).toEqual({ pattern, access }))

test.each([
  ["../other", "scope-outside"],
  ["src/../../x", "scope-outside"],
  ["src/{a,../b}", "scope-outside"],
  ["/etc/passwd", "scope-outside"],
  ["C:\\work", "scope-outside"],
  ["C:/work", "scope-outside"],
  ["~/x", "scope-outside"],
  ["{/etc,src}", "scope-outside"],
  [".git/hooks", "scope-outside"],
  ["./.GIT", "scope-outside"],
  ["", "scope-invalid"],
  [" (read-only)", "scope-invalid"],
  ["a\0b", "scope-invalid"],
  ["src\\api", "scope-invalid"],
  ["!src", "scope-invalid"],
  ["src/{1..3}", "scope-invalid"],
  ["{a,}", "scope-invalid"],
  ["{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}", "scope-invalid"],
  ["x".repeat(2_000), "scope-invalid"],
])("%j is refused", (text, code) => expect(parseScope(text)).toMatchObject({ ok: false, fault: { code } }))

// The oracle: every path of up to three segments over a small alphabet, matched by a translation to regular expressions.
const names = ["a", "b", "ab", "ba", "A"]
const paths = names.flatMap((one) => [one, ...names.flatMap((two) => [`${one}/${two}`, ...names.map((three) => `${one}/${two}/${three}`)])])
const last = fc.constantFrom("a", "*", "x.ts", "*.ts", "*.md", "?.md", "a*")
const segment = fc.constantFrom("a", "b", "ab", "*", "?", "a*", "*b", "**", "[ab]", "[!a]", "{a,ba}", "?b", "A")
const filePattern = fc.tuple(fc.array(fc.constantFrom("a", "b", "*", "**"), { maxLength: 2 }), last).map(([parts, end]) => [...parts, end].join("/"))
const pattern = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"))

function oracle(text: string, ignoreCase: boolean): RegExp {
  const part = (one: string): string =>
    one.replaceAll(
      /\*|\?|\.|\[!|\{|\}|,/g,
      (found) => ({ ".": "[.]", "*": "[^/\\n]*", "?": "[^/\\n]", "[!": "[^/\\n", "{": "(?:", "}": ")", ",": "|" })[found] ?? found,
    )
  const body = text.split("/").reduce((all, one) => (one === "**" ? `${all}(?:[^/\\n]+/)*` : `${all}${part(one)}/`), "")
  return new RegExp(`^${body}`, ignoreCase ? "i" : "")
}
const matching = (text: string, ignoreCase: boolean): string[] => {
  const expression = oracle(text, ignoreCase)
  return paths.filter((path) => expression.test(`${path}/`))
}

test("covers agrees with the oracle on every path", () => {
  fc.assert(
    fc.property(pattern, fc.boolean(), (text, ignoreCase) => {
      expect(paths.filter((path) => covers(scope(text), path, { ignoreCase }))).toEqual(matching(text, ignoreCase))
    }),
    { numRuns: 150 },
  )
})

test("overlaps agrees with the oracle: two scopes overlap exactly when some path is covered by both", () => {
  // Two patterns of three segments that have a path in common have one of five; these names are enough for every two segments above.
  const longer = (all: string[]): string[] => all.flatMap((path) => names.map((name) => `${path}${name}/`))
  const world = [1, 2, 3, 4]
    .reduce(
      (all) => longer(all),
      names.map((name) => `${name}/`),
    )
    .join("\n")
  const known = new Map<string, Set<string>>()
  const covered = (text: string, ignoreCase: boolean): Set<string> => {
    const key = `${ignoreCase} ${text}`
    const found = known.get(key) ?? new Set(world.match(new RegExp(`${oracle(text, ignoreCase).source}.*$`, ignoreCase ? "gim" : "gm")))
    known.set(key, found)
    return found
  }
  fc.assert(
    fc.property(pattern, pattern, fc.boolean(), (a, b, ignoreCase) => {
      expect(meet(a, b, ignoreCase)).toBe(!covered(a, ignoreCase).isDisjointFrom(covered(b, ignoreCase)))
    }),
    { numRuns: 100 },
  )
})

test("a file has nothing below it: patterns that end in one agree with a world in which files are leaves", () => {
  const below = (all: string[]): string[] => ["", ...all.flatMap((one) => [`a/${one}`, `b/${one}`])]
  const directories = [...new Set(below(below(below(below([""])))))]
  const world = directories.flatMap((directory) => ["a", "a.ts", "x.ts", "y.ts", "a.md", "xy.md", "y.md"].map((name) => directory + name))
  fc.assert(
    fc.property(filePattern, filePattern, (a, b) => {
      const covered = (text: string): string[] => world.filter((path) => covers(scope(text), path))
      expect(covered(a)).toEqual(world.filter((path) => oracle(a, false).test(`${path}/`)))
      expect(meet(a, b)).toBe(covered(a).some((path) => covered(b).includes(path)))
    }),
    { numRuns: 60 },
  )
})

test("the trie gives the pairs that asking one by one gives, also after releases", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(pattern, filePattern), { maxLength: 14 }), fc.array(fc.nat(13)), fc.boolean(), (texts, released, ignoreCase) => {
      const rule = { ignoreCase }
      const holdings = texts.map((text, owner) => ({ scope: scope(text), owner }))
      const expected = holdings.flatMap((b) =>
        holdings.filter((a) => a.owner < b.owner && overlaps(a.scope, b.scope, rule)).map((a) => `${a.owner}-${b.owner}`),
      )
      const found = [...overlappingPairs(holdings, rule)].map(([a, b]) => `${a.owner}-${b.owner}`)
      expect(found.toSorted()).toEqual(expected.toSorted())
      const trie = new ScopeTrie<number>(rule)
      for (const holding of holdings) trie.add(holding.scope, holding.owner)
      for (const owner of released) trie.release(owner)
      for (const asked of holdings) {
        const owners = [...trie.overlapping(asked.scope)].map((holding) => holding.owner)
        expect(owners.toSorted((a, b) => a - b)).toEqual(
          holdings.filter((held) => !released.includes(held.owner) && overlaps(held.scope, asked.scope, rule)).map((held) => held.owner),
        )
      }
    }),
  )
})

test("telling patterns apart by the names that they begin with is the same as searching all ways", () => {
  const lead = fc.array(fc.constantFrom("a", "b", "A", "x.ts"), { maxLength: 3 })
  const text = fc.tuple(lead, fc.oneof(pattern, filePattern), fc.boolean()).map(([first, rest, below]) => [...first, below ? `${rest}/` : rest].join("/"))
  fc.assert(
    fc.property(text, text, fc.boolean(), (one, other, ignoreCase) => {
      const [a, b] = [scope(one), scope(other)]
      const searched = alternatives(a, { ignoreCase }).some((left) =>
        alternatives(b, { ignoreCase }).some((right) => walk(left, right, (i, j) => i === left.length || j === right.length)),
      )
      expect(overlaps(a, b, { ignoreCase })).toBe(searched)
      expect(overlaps(a, { ...a }, { ignoreCase })).toBe(true)
      expect(firstOverlap([a], [b], { ignoreCase }) !== null).toBe(searched)
      const path = one.replaceAll(/[*?[\]{},!]/g, "a")
      const segments = alternatives({ pattern: path, access: "write" }, { ignoreCase })[0] ?? []
      const names = segments.map((segment) => ({ ...segment, kind: "literal" as const, text: segment.kind === "globstar" ? "a" : segment.text, file: false }))
      const reached = alternatives(b, { ignoreCase }).some((right) => walk(right, names, (i) => i === right.length))
      expect(covers(b, names.map((name) => name.text).join("/"), { ignoreCase })).toBe(reached)
    }),
    { numRuns: 1_000 },
  )
})

test("what escapePattern makes of a path covers that path and meets only what the path meets", () => {
  for (const path of ["a*b", "app/[id]/x", "{a,b}/c", "a?{x", "[{]a,b}"]) {
    const escaped = scope(escapePattern(path))
    expect(covers(escaped, path)).toBe(true)
    expect(overlaps(escaped, scope("zzz"))).toBe(false)
    expect(covers(escaped, "b/c")).toBe(false)
  }
})

test("one owner's scopes never conflict with each other", () => {
  expect([...overlappingPairs(["src", "src/a"].map((text) => ({ scope: scope(text), owner: "x" })))]).toEqual([])
})

test("a hostile pattern is answered at once", () => {
  const stars = "*a".repeat(200)
  expect(meet(`${stars}b`, `${stars}c`)).toBe(false)
  const deep = "**/a/".repeat(20)
  expect(meet(`${deep}b`, `${deep}c`)).toBe(true)
})
