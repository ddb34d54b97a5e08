import fc from "fast-check"
import { expect, test } from "vitest"
import { spokenTasks } from "./spoken-tasks.ts"

test.each<[string, readonly string[]]>([
  ["fix the login; update the README", ["fix the login", "update the README"]],
  ["In parallel: fix the login; update the README", ["fix the login", "update the README"]],
  ["Fix both the login and the signup at the same time.", ["Fix the login", "Fix the signup"]],
  ["fix both src/a.ts and src/b.ts", ["fix src/a.ts", "fix src/b.ts"]],
  ["Both fix the login form and update the README", ["fix the login form", "update the README"]],
  ["Fix the login and update the README in parallel", ["Fix the login", "update the README"]],
  ["- fix the login\n- update the README", ["fix the login", "update the README"]],
  ["In the API:\n1. add a limit\n2. log each call", ["In the API: add a limit", "In the API: log each call"]],
  ["Do these tasks at the same time:\n* fix the login\n* update the README", ["fix the login", "update the README"]],
])("%j names the tasks %j", (sentence, tasks) => expect(spokenTasks(sentence)).toEqual(tasks))

test.each([
  "make the API faster",
  "Rewrite the parser and add tests",
  "Make both the API and the UI faster",
  "Fix the header and the footer at the same time",
  "keep both a and b and c",
  'say "a; b"',
  "Rework it:\n- the API\n  - its limits\n- the UI",
  Array.from({ length: 21 }, (_, at) => `do ${at}`).join("; "),
])("where the tasks of %j end only a model can tell", (sentence) => expect(spokenTasks(sentence)).toEqual([]))

test("whatever is said: no tasks, or two and more of them, each of which says something", () => {
  const words = fc.constantFrom("both ", " and ", "; ", "\n- ", "1. ", "in parallel", "fix it", " ", ".", "add", "(", '"')
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.array(words).map((all) => all.join("")),
      ),
      (sentence) => {
        const tasks = spokenTasks(sentence)
        expect(tasks.length).not.toBe(1)
        for (const task of tasks) expect(task.trim()).not.toBe("")
      },
    ),
  )
})
