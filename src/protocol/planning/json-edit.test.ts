import fc from "fast-check"
import { expect, test } from "vitest"
import { setInJson } from "./json-edit.ts"

test("one value is changed and every other character stays", () => {
  const text = '{\n    "list": ["a",  "b"],\n    "big": 12345678901234567890,\n    "consent": { "fleetSpawn": "always-ask", "x": 1.50 },\n    "z": {}\n}\n'
  expect(setInJson(text, ["consent", "fleetSpawn"], "auto-allow")).toBe(text.replace("always-ask", "auto-allow"))
})

test("what is missing is added in the file's own indentation", () => {
  expect(setInJson('{\n\t"a": 1\n}', ["consent", "fleetSpawn"], "auto-allow")).toBe('{\n\t"a": 1,\n\t"consent": {\n\t\t"fleetSpawn": "auto-allow"\n\t}\n}')
  expect(setInJson('{\r\n    "trust": {\r\n        "b": 2\r\n    }\r\n}\r\n', ["trust", "n"], 1)).toBe(
    '{\r\n    "trust": {\r\n        "b": 2,\r\n        "n": 1\r\n    }\r\n}\r\n',
  )
  expect(setInJson('{"a": {"b": 1}}', ["a", "c"], 2)).toBe('{"a": {"b": 1, "c": 2}}')
  expect(setInJson("{}", ["a", "b"], true)).toBe('{\n  "a": {\n    "b": true\n  }\n}')
  expect(setInJson('{"a": {}}', ["a", "b"], null)).toContain('"b": null')
})

test("what stands in the way is replaced", () => {
  expect(JSON.parse(setInJson('{"consent": "yes", "k": [1]}', ["consent", "fleetSpawn"], "auto-allow"))).toEqual({
    consent: { fleetSpawn: "auto-allow" },
    k: [1],
  })
})

test("a key that is there twice is written once", () => {
  expect(JSON.parse(setInJson('{"a": 1, "a": 2}', ["a"], 3))).toEqual({ a: 3 })
})

test("whatever the object, the value is there afterwards and the rest is as it was", () => {
  const key = fc.oneof(fc.constantFrom("a", "b", "consent", "__proto__", "a.b", ""), fc.string({ maxLength: 8 }))
  const object = fc.dictionary(key, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 5 })
  fc.assert(
    fc.property(object, fc.constantFrom(0, 1, 2, 4, "\t"), key, key, fc.oneof(fc.string(), fc.integer()), (held, indent, outer, inner, value) => {
      const text = JSON.stringify(held, null, indent)
      const after = JSON.parse(setInJson(text, [outer, inner], value)) as Record<string, Record<string, unknown>>
      expect(Object.getOwnPropertyDescriptor(after[outer] === undefined ? {} : Object.getOwnPropertyDescriptor(after, outer)?.value, inner)?.value).toBe(value)
      const rest = (of: object): unknown => Object.entries(of).filter(([name]) => name !== outer)
      expect(rest(after)).toEqual(rest(JSON.parse(text) as object))
    }),
    { numRuns: 300 },
  )
})
