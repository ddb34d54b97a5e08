/** The files of the demo's project: what is there at first, and what the scripted agents write. */

const lines = (...text: readonly string[]): string => `${text.join("\n")}\n`

export const routes = (paths: readonly string[]): string => lines(`export const routes = [${paths.map((path) => `"${path}"`).join(", ")}]`)

export const packageJson = (version: string): string =>
  lines("{", '  "name": "todo-service",', `  "version": "${version}",`, '  "type": "module",', '  "scripts": { "test": "node --test" }', "}")

export const readme = lines("# Todo service", "", "Keeps todos for several users. See docs/http.md.")

export const firstFiles: Readonly<Record<string, string>> = {
  "README.md": lines("# Todo service", "", "Only a prototype so far: legacy/server.php."),
  "package.json": packageJson("0.1.0"),
  "src/routes.js": routes(["/todos"]),
  "legacy/server.php": lines("<?php", "echo file_get_contents('todos.txt');"),
}

export const schema = lines(
  "create table users (id integer primary key, name text not null);",
  "create table todos (",
  "  id integer primary key,",
  "  owner integer not null references users (id),",
  "  title text not null,",
  "  done integer not null default 0",
  ");",
)

const todosWith = (open: string): string =>
  lines(
    "const todos = new Map()",
    "let last = 0",
    "",
    "export function add(title) {",
    "  last += 1",
    "  todos.set(last, { id: last, title, done: false })",
    "  return last",
    "}",
    "",
    "export function finish(id) {",
    "  todos.get(id).done = true",
    "}",
    "",
    "export function open() {",
    `  return [...todos.values()].filter((todo) => ${open})`,
    "}",
  )
export const todosWrong = todosWith("todo.done")
export const todos = todosWith("!todo.done")
export const todosTest = lines(
  'import assert from "node:assert"',
  'import test from "node:test"',
  'import { add, finish, open } from "./todos.js"',
  "",
  'test("what is finished is not open", () => {',
  '  add("milk")',
  '  finish(add("bread"))',
  '  assert.deepEqual(open().map((todo) => todo.title), ["milk"])',
  "})",
)

export const auth = lines(
  'import { randomBytes } from "node:crypto"',
  "",
  "const tokens = new Map()",
  "",
  "export function grant(user, now, lifeMs = 3_600_000) {",
  '  const token = randomBytes(32).toString("hex")',
  "  tokens.set(token, { user, until: now + lifeMs })",
  "  return token",
  "}",
  "",
  "export function userOf(token, now) {",
  "  const found = tokens.get(token)",
  "  return found !== undefined && now < found.until ? found.user : null",
  "}",
)
export const authTest = lines(
  'import assert from "node:assert"',
  'import test from "node:test"',
  'import { grant, userOf } from "./auth.js"',
  "",
  'test("a token ends", () => {',
  '  const token = grant("ada", 0, 10)',
  '  assert.equal(userOf(token, 9), "ada")',
  "  assert.equal(userOf(token, 10), null)",
  "})",
)

export const search = lines(
  "export function search(todos, words) {",
  "  const wanted = words.toLowerCase()",
  "  return todos.filter((todo) => todo.title.toLowerCase().includes(wanted))",
  "}",
)
export const csv = lines(
  'const quoted = (text) => `"${text.replaceAll(\'"\', \'""\')}"`',
  "",
  "export function csv(todos) {",
  '  return todos.map((todo) => `${todo.id},${quoted(todo.title)},${todo.done}`).join("\\n")',
  "}",
)

export const docs = lines(
  "# HTTP interface",
  "",
  "| request | does |",
  "|---|---|",
  "| GET /todos | lists what is open |",
  "| POST /todos | adds one |",
  "| GET /search?q= | finds by words |",
  "| GET /export | all of them as CSV |",
)

/** Reads the history, so it can only be right when it runs after what it needs has landed. */
export const changelogCommand = "{ echo '# Changelog'; echo; git log --no-merges --reverse --format='- %s'; } > CHANGELOG.md"
