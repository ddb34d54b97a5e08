import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { z } from "zod"
import { generated } from "../../scripts/generate-api.ts"
import type { Exposure } from "../../src/protocol/api/operation.ts"
import { allOperations } from "../../src/protocol/api/registry.ts"
import { commands, type CommandSpec } from "../../src/surfaces/cli/commands.ts"
import { openapiDocument } from "../../src/surfaces/http/native/document.ts"
import { tools } from "../../src/surfaces/mcp/server.ts"

const root = new URL("../../", import.meta.url)
const read = (file: string): string => readFileSync(new URL(file, root), "utf8")
const why = (exposure: Exposure): string => (typeof exposure === "string" ? exposure : exposure.none)
const called = (specs: readonly CommandSpec[], before = ""): string[] =>
  specs.flatMap((spec) => [`${before}${spec.name}`, ...called(spec.commands ?? [], `${before}${spec.name} `)])

test("every operation says what it is, what goes in and out, and who may ask it", () => {
  const seen = new Set<string>()
  for (const [id, of] of allOperations) {
    const name = `${of.method} ${of.path}`
    expect(seen.has(name), `${name} is there twice`).toBe(false)
    seen.add(name)
    expect(of.summary.length, id).toBeGreaterThan(5)
    expect(of.description.endsWith("."), id).toBe(true)
    const inPath = [...of.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
    expect(Object.keys((of.params as z.ZodObject).shape), id).toEqual(inPath)
    for (const schema of [of.params, of.query]) expect(schema.safeParse({ nobodyKnowsThis: "1" }).success, `${id} refuses what it does not know`).toBe(false)
    if (of.body !== null) expect(of.body.safeParse({ nobodyKnowsThis: 1 }).success, `${id} refuses what it does not know`).toBe(false)
    expect(of.permission === "read" || of.kind !== "read" || of.tag === "webhooks", `${id}: looking needs no more than read`).toBe(true)
    expect(of.kind === "read" || of.permission !== "read", `${id}: changing needs more than read`).toBe(true)
    if (of.kind === "long" && of.answer.kind === "json") expect([of.answer.status, of.answer.location === null], id).not.toEqual([200, true])
  }
})

test("every answer is a schema with a name, so that the document and the client can speak of it", () => {
  const { components } = openapiDocument()
  for (const [id, of] of allOperations) {
    if (of.answer.kind !== "json" && of.answer.kind !== "events") continue
    const name = (of.answer.schema.meta() as { id?: string } | undefined)?.id
    expect(components?.schemas?.[name ?? ""], `${id} answers ${String(name)}`).toBeDefined()
  }
})

test("every operation is a command where one is due, and says why where none is", () => {
  const known = called(commands)
  const wrong = allOperations
    .filter(([, { cli }]) => (typeof cli === "string" ? !known.includes(cli) : why(cli).length < 10))
    .map(([id, { cli }]) => `${id}: ${why(cli)}`)
  expect(wrong).toEqual([])
})

test("every operation is a tool where one is due, and says why where none is; and every tool is one of an operation", () => {
  const known = tools.map(({ name }) => name)
  const wrong = allOperations
    .filter(([, { mcp }]) => (typeof mcp === "string" ? !known.includes(mcp) : why(mcp).length < 10))
    .map(([id, { mcp }]) => `${id}: ${why(mcp)}`)
  expect(wrong).toEqual([])
  const exposed = new Set(allOperations.map(([, { mcp }]) => mcp))
  expect(known.filter((name) => !exposed.has(name))).toEqual([])
})

test("the document, the client's types and the reference are what the registry says; otherwise: npm run docs", async () => {
  for (const { file, text } of await generated()) expect(read(file) === text, `${file} is out of date`).toBe(true)
})

test("every operation stands in the reference", () => {
  const reference = read("docs/reference/api.md")
  for (const [id, of] of allOperations) {
    expect(reference).toContain(`### ${id}\n`)
    expect(reference).toContain(`\`${of.method.toUpperCase()} ${of.path}\``)
  }
})
