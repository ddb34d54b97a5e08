import fc from "fast-check"
import { expect, test } from "vitest"
import { stem, wordsOf } from "./words.ts"

test("names of every style, paths and sentences have the same words", () => {
  for (const text of ["parseHTTPRequest", "parse_http_requests", "PARSE-HTTP-REQUEST", "src/parse/HttpRequest", "parsing of the HTTP requests"])
    expect(wordsOf(text).filter((word) => word !== "src")).toEqual(wordsOf("parse http request"))
  expect(wordsOf("sha256Sum v2")).toEqual(["sha", "256", "sum", "v", "2"])
  expect(wordsOf("Größe 名前")).toEqual(["größ", "名前"])
})

test.each([
  ["claims", "claim"],
  ["landing", "land"],
  ["landed", "land"],
  ["running", "run"],
  ["parsing", "parse"],
  ["queries", "query"],
  ["classes", "class"],
  ["caching", "cache"],
])("%s and %s are one word", (a, b) => {
  expect(stem(a)).toBe(stem(b))
})

test.each([
  ["status", "state"],
  ["class", "clas"],
  ["string", "str"],
  ["bus", "bu"],
])("%s and %s are two", (a, b) => {
  expect(stem(a)).not.toBe(stem(b))
})

test("whatever the text: bounded words of letters and digits, always the same", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 3_000 }), (text) => {
      const words = wordsOf(text)
      expect(words).toEqual(wordsOf(text))
      expect(words.length).toBeLessThanOrEqual(400)
      for (const word of words) expect(word).toMatch(/^[\p{L}\p{N}\p{M}]{1,40}$/u)
    }),
  )
})
