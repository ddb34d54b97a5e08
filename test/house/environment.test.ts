/** `fleet help environment` names the variables that the code reads or hands to agents, and no others. */
import { globSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { topics } from "../../src/surfaces/cli/topics.ts"

const root = fileURLToPath(new URL("../../", import.meta.url))
const told = topics.find(({ name }) => name === "environment")?.text ?? ""
const variables = (text: string): readonly string[] => [...text.matchAll(/\b(?:FLEET|WEAVE|ORCHESTRATOR)_[A-Z_]*[A-Z]\b/g)].map(([name]) => name)

/** Between Fleet's own processes, or only marks on what they start. */
const internal = new Set(["FLEET_CHECK", "FLEET_HEALTH", "FLEET_TIMED_COMMAND", "FLEET_OPENCODE_SERVER", "FLEET_SCRIPTED_HOME"])

const code = globSync("src/**/*.ts", { cwd: root })
  .filter((file) => !/\.(test|case|conformance|fixture)\.ts$|\/(testing|fixtures)\/|topics\.ts$/.test(file))
  .map((file) => readFileSync(`${root}/${file}`, "utf8"))
  .join("\n")
const used = new Set(variables(code).filter((name) => !internal.has(name)))

test("every variable that is read or handed to agents is in the topic", () => {
  expect([...used].filter((name) => !variables(told).includes(name))).toEqual([])
})

test("every variable of the topic is one that the code knows, and so is every one of the README", () => {
  expect(variables(told).filter((name) => !used.has(name))).toEqual([])
  expect(variables(readFileSync(`${root}/README.md`, "utf8")).filter((name) => !variables(told).includes(name))).toEqual([])
})
