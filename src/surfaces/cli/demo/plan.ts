/** The plan of the demo: a small todo service, built by nine scripted agents that meet everything that real ones meet. Pure. */
import type { Plan } from "../../../domain/plan/plan.ts"
import { readPlan } from "../../../protocol/plans/read.ts"
import * as texts from "./project.ts"

/** The tasks that the closing words look for in what really happened. */
export const parts = { serialised: ["api", "auth"], asks: "cleanup", retried: "api", conflicting: ["search", "export"], hangs: "docs" } as const
export const asksFor = "rm -rf legacy"
export const hangLimitSeconds = 3

export function demoPlan(): Plan {
  const { plan, faults } = readPlan(JSON.stringify(written), { file: "plan.json" })
  const errors = faults.filter((found) => found.severity === "error").map((found) => found.what)
  if (plan === null || errors.length > 0) throw new Error(`the demo's plan has errors: ${errors.join("; ")}`)
  return plan
}

/** A marker of the script language: `[[write path="a" text="b"]]`. */
function mark(name: string, fields: Readonly<Record<string, string | number>>): string {
  const words = Object.entries(fields).map(([key, value]) => `${key}=${JSON.stringify(value)}`)
  return `[[${[name, ...words].join(" ")}]]`
}
const write = (path: string, text: string): string => mark("write", { path, text })
const commit = (message: string): string => mark("commit", { message })
const works = (ms: number): string => mark("sleep", { ms })
const used = (tokensIn: number, tokensOut: number): string => mark("usage", { in: tokensIn, out: tokensOut })
const script = (...steps: readonly string[]): string => steps.join(" ")

/** Adds a route to the one line that both authors change; whoever comes second meets the conflict and keeps both. */
const route = (name: string, file: string, text: string): string =>
  script(
    "[[if conflict]]",
    works(600),
    mark("resolve", { path: "src/routes.js", text: texts.routes(["/todos", "/search", "/export"]) }),
    commit(`Keep both routes: /search and /export`),
    "[[else]]",
    works(2_200),
    write("src/routes.js", texts.routes(["/todos", `/${name}`])),
    write(file, text),
    used(2_300, 410),
    commit(`Add ${name}`),
    "[[end]]",
  )

const written = {
  version: 1,
  goal: "Build a todo service",
  defaults: { agent: "scripted", retries: 2 },
  tasks: [
    {
      id: "schema",
      title: "Tables for todos and users",
      scope: "db/**",
      estimate: 2,
      prompt: script(works(900), write("db/schema.sql", texts.schema), used(1_800, 350), commit("Add the tables"), '[[handoff "todos.done is 0 or 1"]]'),
    },
    {
      id: "api",
      title: "Add, finish and list todos",
      after: "schema",
      scope: "src/api/**",
      checks: "node --test src/api/todos.test.js",
      estimate: 3,
      prompt: script(
        "[[if attempt=1]]",
        works(1_000),
        write("src/api/todos.js", texts.todosWrong),
        write("src/api/todos.test.js", texts.todosTest),
        used(4_200, 900),
        commit("Add todos"),
        "[[else]]",
        works(500),
        write("src/api/todos.js", texts.todos),
        used(2_600, 240),
        commit("List what is open, not what is done"),
        "[[end]]",
      ),
    },
    {
      id: "auth",
      title: "Tokens that expire",
      after: "schema",
      scope: ["src/api/auth.js", "src/api/auth.test.js"],
      checks: "node --test src/api/auth.test.js",
      estimate: 2,
      prompt: script(works(800), write("src/api/auth.js", texts.auth), write("src/api/auth.test.js", texts.authTest), used(3_100, 700), commit("Add tokens")),
    },
    { id: "search", title: "Search", estimate: 2, prompt: route("search", "src/search.js", texts.search) },
    { id: "export", title: "Export as CSV", estimate: 2, prompt: route("export", "src/export.js", texts.csv) },
    {
      id: "docs",
      title: "Describe the HTTP interface",
      scope: "docs/**",
      timeout: `${hangLimitSeconds}s`,
      // The limit holds for each attempt, and on a busy machine it may be too short for a good one.
      retries: 5,
      estimate: 1,
      prompt: script(
        "[[if attempt=1]] [[hang]] [[else]]",
        works(500),
        write("docs/http.md", texts.docs),
        used(2_900, 800),
        commit("Describe the interface"),
        "[[end]]",
      ),
    },
    {
      id: "cleanup",
      title: "Remove the prototype",
      scope: ["legacy/**", "README.md"],
      estimate: 1,
      prompt: script(
        works(400),
        '[[say "Nothing uses legacy/ any more."]]',
        mark("ask", { cmd: asksFor }),
        write("README.md", texts.readme),
        used(1_500, 120),
        commit("Remove the prototype"),
      ),
    },
    {
      id: "changelog",
      title: "Write the changelog from what has landed",
      after: ["search", "export", "cleanup"],
      scope: "CHANGELOG.md",
      estimate: 1,
      prompt: script(works(400), mark("run", { cmd: texts.changelogCommand }), used(900, 150), commit("Write the changelog")),
    },
    {
      id: "release",
      title: "Version 1.0.0, when all tests pass",
      after: ["api", "auth", "docs", "changelog"],
      scope: "package.json",
      checks: "node --test",
      estimate: 1,
      prompt: script(works(400), write("package.json", texts.packageJson("1.0.0")), used(800, 60), commit("Release 1.0.0")),
    },
  ],
}
