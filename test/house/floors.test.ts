import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"

const source = fileURLToPath(new URL("../../src/", import.meta.url))

/** The floors of ARCHITECTURE.md. A file imports from lower floors, and on its own floor only from its own folder. */
const floors: Record<string, number> = { domain: 0, protocol: 1, runtime: 1, scripted: 2, engine: 2, worker: 2, client: 3, adapters: 3, surfaces: 4, main: 5 }
/** Folders of one floor that may know each other, with the reason. */
const neighbours = new Set(["protocol>runtime"])
/** What the pure core may use: persistent maps. */
const domainPackages = new Set(["immutable"])

const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
  (file) => file.endsWith(".ts") && !/\.(test|conformance|case|fixture)\.ts$|\/(fixtures|testing)\//.test(file),
)

test("a file imports only from lower floors", () => {
  expect(files.flatMap((file) => importsOf(file).flatMap((target) => upward(file, target)))).toEqual([])
})

test("the domain is pure: no node:, no package but its own maps", () => {
  const foreign = files
    .filter((file) => file.startsWith("domain/"))
    .flatMap((file) =>
      importsOf(file)
        .filter((target) => !target.startsWith(".") && !domainPackages.has(target))
        .map((target) => `${file} imports ${target}`),
    )
  expect(foreign).toEqual([])
})

test("only main and the surfaces know the environment, the home directory and the way out", () => {
  const knowing = files
    .filter((file) => !file.startsWith("main/") && !file.startsWith("surfaces/") && !file.startsWith("scripted/"))
    .filter((file) => /\bprocess\.(env|exit)\b|\bos\.homedir\b|\bhomedir\(/.test(code(file)))
  expect(knowing).toEqual([])
})

test("no file is named for its kind, and none is a barrel", () => {
  const kinds = /(^|\/)(utils?|helpers?|common|manager|service|lib|index|types|misc)(\/|\.ts$)/
  expect(files.filter((file) => kinds.test(file))).toEqual([])
})

function upward(file: string, target: string): string[] {
  if (!target.startsWith(".") || target.endsWith(".json")) return []
  const to = path.posix.join(path.posix.dirname(file), target)
  const [from, into] = [file.split("/"), to.split("/")]
  const [below, above] = [floors[into[0] ?? ""], floors[from[0] ?? ""]]
  if (below === undefined || above === undefined) return [`${file} imports ${to}: a folder on no floor`]
  if (below > above) return [`${file} imports ${to}, which is above it`]
  if (below === above && from[0] !== into[0] && !neighbours.has(`${from[0]}>${into[0]}`)) return [`${file} imports ${to}, which is beside it`]
  if (from[0] === "adapters" && into[0] === "adapters" && from[1] !== into[1]) return [`${file} imports ${to}: adapters do not know each other`]
  return []
}

function importsOf(file: string): string[] {
  return [...code(file).matchAll(/\bfrom "([^"]+)"$|^import "([^"]+)"$|\bimport\("([^"]+)"\)/gm)].map((match) => match[1] ?? match[2] ?? match[3] ?? "")
}

function code(file: string): string {
  return readFileSync(path.join(source, file), "utf8")
}
