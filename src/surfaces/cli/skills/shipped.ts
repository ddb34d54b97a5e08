/** The skills that come with Fleet: where they lie, in a checkout as in the package, and what they hold. */
import { createHash } from "node:crypto"
import { readdir, readFile } from "node:fs/promises"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { parse as parseYaml } from "yaml"
import { fault, FaultError } from "../../../domain/fault.ts"

export interface ShippedSkill {
  readonly name: string
  readonly description: string
  /** `SKILL.md` first. */
  readonly files: readonly ShippedFile[]
}
export interface ShippedFile {
  /** Relative to the skill's directory, with `/`. */
  readonly path: string
  readonly text: string
  readonly hash: string
}

/** `src/surfaces/cli/skills` and `dist/surfaces/cli/skills` are equally deep. */
const shippedAt = fileURLToPath(new URL("../../../../skills/", import.meta.url))
export const entryFile = "SKILL.md"

export async function shippedSkills(directory: string = shippedAt): Promise<ShippedSkill[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(names.sort().map((name) => readSkill(directory, name)))
}

export async function shippedSkill(name: string): Promise<ShippedSkill> {
  const all = await shippedSkills()
  const found = all.find((skill) => skill.name === name)
  if (found !== undefined) return found
  const names = all.map((skill) => skill.name).join(", ")
  throw new FaultError(fault("unknown-skill", `no skill is named ${JSON.stringify(name)}`, `Fleet ships these: ${names}`, "fleet skills list"))
}

export const hashOf = (content: string | Buffer): string => createHash("sha256").update(content).digest("hex")

/** The fields between the two lines of dashes at the top of a skill. */
export function frontmatter(text: string): Readonly<Record<string, unknown>> {
  const [, yaml = ""] = /^---\n([\s\S]*?)\n---\n/.exec(text) ?? []
  const fields: unknown = parseYaml(yaml)
  return typeof fields === "object" && fields !== null ? { ...fields } : {}
}

async function readSkill(directory: string, name: string): Promise<ShippedSkill> {
  const home = path.join(directory, name)
  const found = await readdir(home, { recursive: true, withFileTypes: true })
  const paths = found.filter((entry) => entry.isFile()).map((entry) => path.relative(home, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
  const sorted = paths.sort((a, b) => Number(b === entryFile) - Number(a === entryFile) || (a < b ? -1 : 1))
  const files = await Promise.all(sorted.map(async (file) => shippedFile(file, await readFile(path.join(home, file), "utf8"))))
  const { description } = frontmatter(files[0]?.text ?? "")
  return { name, description: typeof description === "string" ? description : "", files }
}

const shippedFile = (file: string, text: string): ShippedFile => ({ path: file, text, hash: hashOf(text) })
