import { spawnSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"

const root = fileURLToPath(new URL("../../", import.meta.url))

function run(...argv: [string, ...string[]]): { status: number | null; output: string } {
  const [tool, ...args] = argv
  const ended = spawnSync(path.join(root, "node_modules/.bin", tool), args, { cwd: root, encoding: "utf8" })
  return { status: ended.status, output: `${ended.stdout}${ended.stderr}` }
}

test("the types hold", () => {
  expect(run("tsc", "--noEmit")).toMatchObject({ status: 0, output: "" })
})

test("the lints hold", () => {
  const { status, output } = run("oxlint", "--type-aware")
  expect(status, output).toBe(0)
})

test("the format holds", () => {
  const { status, output } = run("oxfmt", "--check")
  expect(status, output).toBe(0)
})

test("every link in the documents leads somewhere", () => {
  const documents = [
    ...readdirSync(root).filter((file) => file.endsWith(".md")),
    ...readdirSync(path.join(root, "docs"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".md"))
      .map((file) => `docs/${file}`),
  ]
  const dead = documents.flatMap((document) =>
    [...readFileSync(path.join(root, document), "utf8").matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map((match) => match[1] ?? "")
      .filter((link) => !/^[a-z]+:/.test(link) && !existsSync(path.join(root, path.dirname(document), link)))
      .map((link) => `${document}: ${link}`),
  )
  expect(dead).toEqual([])
})

test("every dependency is pinned to one version, and locked", () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as Record<string, Record<string, string>>
  const lock = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")) as { packages: Record<string, { version?: string; link?: boolean }> }
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    const locked = lock.packages[`node_modules/${name}`]
    if (version.startsWith("file:")) expect(locked?.link, name).toBe(true)
    else expect(locked?.version, name).toBe(version)
  }
})
