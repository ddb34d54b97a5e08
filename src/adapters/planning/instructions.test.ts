import { execFile } from "node:child_process"
import { mkdir, mkdtempDisposable, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { promisify } from "node:util"
import { expect, test } from "vitest"
import { instructionsOf } from "./instructions.ts"

async function told(files: Readonly<Record<string, string>>): Promise<string | null> {
  await using root = await mkdtempDisposable(path.join(tmpdir(), "fleet-instructions-"))
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root.path, file)), { recursive: true })
    await writeFile(path.join(root.path, file), text)
  }
  return await instructionsOf(root.path)
}
const block = (place: string, text: string): string => `=== PROJECT INSTRUCTIONS (${place}) ===\n${text}\n=== END PROJECT INSTRUCTIONS ===`

// C.1.24, C.1.25
test("an agent is told the project's own instructions and the summary of its rules", async () => {
  const rules = ".claude/agent-context/rules-summary.md"
  expect(await told({ [rules]: "Never push.\n", "CLAUDE.md": "Be polite.\n" })).toBe(`${block("CLAUDE.md", "Be polite.")}\n\n${block(rules, "Never push.")}`)
})

test("what two files say alike is told once, and a project that says nothing has no block", async () => {
  expect(await told({ "CLAUDE.md": "Be polite.\n", "AGENTS.md": "Be polite." })).toBe(block("CLAUDE.md", "Be polite."))
  expect(await told({ "CLAUDE.md": " \n" })).toBeNull()
})

test("of very long instructions the beginning is told, and where the rest is", async () => {
  const text = (await told({ "AGENTS.md": "x".repeat(100_000) })) ?? ""
  expect(text.length).toBeLessThan(25_000)
  expect(text).toContain("… (cut: read AGENTS.md for the rest)")
})

const run = promisify(execFile)
const place = (): ReturnType<typeof mkdtempDisposable> => mkdtempDisposable(path.join(tmpdir(), "fleet-instructions-"))

test("a symlink to another file of the project is read, also through a folder that is one", async () => {
  await using root = await place()
  const at = (name: string): string => path.join(root.path, name)
  await mkdir(at("docs/rules"), { recursive: true })
  await writeFile(at("docs/agents.md"), "Be polite.\n")
  await writeFile(at("docs/rules/rules-summary.md"), "Never push.\n")
  await symlink("docs/agents.md", at("AGENTS.md"))
  await symlink("AGENTS.md", at("CLAUDE.md"))
  await mkdir(at(".claude"))
  await symlink("../docs/rules", at(".claude/agent-context"))
  expect(await instructionsOf(root.path)).toBe(`${block("CLAUDE.md", "Be polite.")}\n\n${block(".claude/agent-context/rules-summary.md", "Never push.")}`)
})

test("what leads out of the project is not told, and neither a pipe nor a device is waited for", async () => {
  await using root = await place()
  await using outside = await place()
  const at = (name: string): string => path.join(root.path, name)
  await writeFile(path.join(outside.path, "rules-summary.md"), "secret")
  await mkdir(at(".claude"))
  await symlink(outside.path, at(".claude/agent-context"))
  await symlink("/dev/zero", at("CLAUDE.md"))
  await run("mkfifo", [at("AGENTS.md")])
  expect(await instructionsOf(root.path)).toBeNull()
})
