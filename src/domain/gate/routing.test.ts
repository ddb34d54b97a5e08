import fc from "fast-check"
import { expect, test } from "vitest"
import { complexityOf, parallelTrigger, route } from "./routing.ts"

test.each<[string, string]>([
  ["Fix the header and the footer at the same time", "at the same time"],
  ["update both docs Simultaneously", "Simultaneously"],
  ["do these in parallel: lint, tests", "in parallel"],
  ["fix both the login and the signup", "both … and"],
])("%j asks for quick mode: %s", (sentence, trigger) => {
  expect(parallelTrigger(sentence)).toBe(trigger)
  expect(route(sentence)).toMatchObject({ to: "quick", trigger })
})

test.each(["fix the typo", "both of them are broken. And so on", "the parallel port driver", "bothersome and slow"])("%j does not", (sentence) => {
  expect(parallelTrigger(sentence)).toBeNull()
  expect(route(sentence).to).toBe("single")
})

test.each<[number, string]>([
  [1, "Fix the typo in the title"],
  [2, "Rewrite the parser"],
  [3, "Rewrite the API, the UI and the database layer"],
  [4, "Migrate the API, the UI and the database across the whole repository"],
  [5, "Migrate the API, the UI and the database across the whole repository; add tests"],
])("complexity %j: %s", (complexity, sentence) => expect(complexityOf(sentence)).toBe(complexity))

test("two tasks of complexity 3 go to quick mode, of more to a campaign; of less to one agent where nobody can tell where one ends", () => {
  expect(route("Rewrite the date parser and add tests").to).toBe("quick")
  expect(route("Migrate every page of the UI, the API and the database; add tests").to).toBe("standard")
  expect(route("Fix the typo and update the year").to).toBe("single")
  expect(route("Refactor the API, the UI and the docs", 2).to).toBe("quick")
})

test("tasks that a sentence names go to quick mode however small they are", () => {
  expect(route("fix the login redirect; update the README", 2)).toMatchObject({ to: "quick", complexity: 2, why: "it names 2 tasks" })
  expect(route("Migrate every page of the UI, the API and the database; add tests", 2).to).toBe("standard")
})

test("no text is too odd, and the same one is told the same", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300, unit: "binary" }), (text) => {
      expect(route(text)).toEqual(route(text))
      expect([1, 2, 3, 4, 5]).toContain(complexityOf(text))
    }),
  )
})
