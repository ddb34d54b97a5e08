/** Looks at a place for skills: is one there, is it ours, and did somebody change it. */
import { lstat, readFile } from "node:fs/promises"
import path from "node:path"
import { readRecord, type SkillRecord } from "./record.ts"
import { hashOf, type ShippedSkill } from "./shipped.ts"

/** absent: not there. current: as shipped. older: an earlier version that Fleet installed. changed: not what Fleet installed. */
export type SkillState = "absent" | "current" | "older" | "changed"

export interface Installed {
  readonly directory: string
  readonly state: SkillState
  readonly record: SkillRecord
  readonly files: readonly InstalledFile[]
}
export interface InstalledFile {
  readonly path: string
  readonly state: "absent" | "current" | "older" | "changed"
}

export async function lookAt(skill: ShippedSkill, place: string): Promise<Installed> {
  const directory = path.join(place, skill.name)
  // Whoever put a link there looks after what it leads to.
  if (await isLink(directory)) return { directory, state: "changed", record: { version: "", files: {} }, files: [{ path: ".", state: "changed" }] }
  const record = await readRecord(directory)
  // Those that are shipped no more, too.
  const paths = [...new Set([...skill.files.map((file) => file.path), ...Object.keys(record.files).filter(staysInside)])]
  const files = await Promise.all(paths.map(async (file) => ({ path: file, state: await fileState(skill, directory, file, record) })))
  return { directory, state: stateOf(files), record, files }
}

/** A record is a file that anybody may have written. Skills have files at their top and one level below. */
const staysInside = (file: string): boolean => /^([\w.-]+\/)?[\w.-]+$/.test(file) && !file.split("/").includes("..")

async function fileState(skill: ShippedSkill, directory: string, file: string, record: SkillRecord): Promise<InstalledFile["state"]> {
  const shipped = skill.files.find((one) => one.path === file)
  // A link on the way leads to files that are not the skill's.
  if (await isLink(path.join(directory, path.dirname(file)))) return "changed"
  const content = await contentOf(path.join(directory, file))
  if (content === null) return shipped === undefined ? "current" : "absent"
  if (content === "other") return "changed"
  const hash = hashOf(content)
  if (hash === shipped?.hash) return "current"
  return (record.files[file] ?? []).includes(hash) ? "older" : "changed"
}

function stateOf(files: readonly InstalledFile[]): SkillState {
  const states = new Set(files.map((file) => file.state))
  if (states.has("changed")) return "changed"
  if (states.has("older")) return "older"
  if (!states.has("absent")) return "current"
  return states.has("current") ? "older" : "absent"
}

/** `other`: a link, a directory, something that cannot be read. */
async function contentOf(file: string): Promise<Buffer | "other" | null> {
  try {
    return (await lstat(file)).isFile() ? await readFile(file) : "other"
  } catch (error) {
    return isAbsent(error) ? null : "other"
  }
}

async function isLink(file: string): Promise<boolean> {
  try {
    return (await lstat(file)).isSymbolicLink()
  } catch {
    return false
  }
}

export const isAbsent = (error: unknown): boolean => error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")
