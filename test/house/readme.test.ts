/** What the README tells people to type and to write is there: commands, options, scripts, plans and configuration. */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { parse as parseYaml } from "yaml"
import { knownAgents } from "../../src/adapters/agents/known.ts"
import { config } from "../../src/protocol/config.ts"
import { readInline } from "../../src/protocol/plans/inline.ts"
import { readPlan } from "../../src/protocol/plans/read.ts"
import { demoPlan } from "../../src/surfaces/cli/demo/plan.ts"
import { buildTree } from "../../src/surfaces/cli/tree.ts"

const root = new URL("../../", import.meta.url)
const readme = readFileSync(new URL("README.md", root), "utf8")
const blocks = (language: string): string[] =>
  [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].filter(([, name]) => name === language).map(([, , text]) => text ?? "")
const yaml = blocks("yaml")
const plans = yaml.filter((text) => /^tasks:/m.test(text))

/** Each command of the `sh` blocks as words, comments left out; and what stands as `npx fleet …` in the text. */
const commands = [...blocks("sh").flatMap((text) => text.split("\n")), ...[...readme.matchAll(/`((?:npx )?fleet [a-z][^`]*)`/g)].map((match) => match[1] ?? "")]
  .flatMap((line) => line.replace(/\s#\s.*$/, "").split(" && "))
  .map(wordsOf)
  .filter((words) => words.length > 0)

function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "").filter((word, index) => !(index === 0 && word === "npx"))
}

async function callOf(words: readonly string[]): Promise<readonly string[]> {
  let called: readonly string[] | null = null
  const take = (_load: unknown, args: readonly string[]): Promise<void> => {
    called = args
    return Promise.resolve()
  }
  await buildTree("0", take, { out: () => undefined, columns: 100 }).parseAsync(words.slice(1), { from: "user" })
  if (called === null) throw new Error(`nothing would be called by: ${words.join(" ")}`)
  return called
}

test("every fleet command in the README is one, with options that it has", async () => {
  const fleet = commands.filter(([program]) => program === "fleet")
  expect(fleet.length).toBeGreaterThan(12)
  for (const words of fleet) await expect(callOf(words), words.join(" ")).resolves.toBeDefined()
})

test("a command that is none would be noticed", async () => {
  await expect(callOf(["fleet", "fly"])).rejects.toThrow()
  await expect(callOf(["fleet", "run", "plan.yaml", "--wings"])).rejects.toThrow()
})

test("every npm script in the README is in package.json", () => {
  const { scripts } = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as { scripts: Record<string, string> }
  const named = commands.filter(([program]) => program === "npm").map(([, verb, script]) => (verb === "run" ? script : verb))
  expect(named).toContain("demo")
  for (const name of named) expect([...Object.keys(scripts), "ci", "install"]).toContain(name)
})

test("every plan in the README, and the sentences in the place of one, are read without a fault", async () => {
  expect(plans).toHaveLength(1)
  for (const text of plans) expect(readPlan(text, { file: "plan.yaml" }).faults).toEqual([])
  const sentences = commands.filter(([program, command, first]) => program === "fleet" && command === "run" && first?.includes(" "))
  expect(sentences.length).toBeGreaterThan(0)
  for (const words of sentences) expect(readInline(await callOf(words)).faults).toEqual([])
})

test("the configuration in the README is valid, and its table names the agents with the versions that they were tried with", () => {
  for (const text of yaml.filter((one) => !plans.includes(one))) expect(config.safeParse(parseYaml(text)).error).toBeUndefined()
  for (const { name, proof } of knownAgents(["scripted"])) {
    if (name === "scripted") continue
    expect(readme).toContain("ran" in proof ? `| ${proof.ran} |` : `\`${name}\``)
  }
  const installed = readFileSync(fileURLToPath(new URL("test/agents/package.json", root)), "utf8")
  for (const name of ["codex", "claude", "opencode"]) {
    const row = readme.split("\n").find((line) => line.startsWith(`| \`${name}\``))
    expect(installed).toContain(row?.split("|")[3]?.trim())
  }
})

test("the demo is as large as the README says", () => {
  expect(readme).toContain("Nine scripted agents")
  expect(demoPlan().tasks).toHaveLength(9)
})
