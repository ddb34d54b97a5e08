/** Puts a skill into a place, or takes it away again. Never touches what somebody changed, unless told to. */
import { mkdir, rename, rm, rmdir, writeFile } from "node:fs/promises"
import path from "node:path"
import { isAbsent, lookAt, type Installed } from "./look.ts"
import { recordFile, recordText } from "./record.ts"
import type { ShippedFile, ShippedSkill } from "./shipped.ts"

export interface Wishes {
  readonly dryRun: boolean
  /** Overwrite or remove what somebody changed. */
  readonly force: boolean
}
/** installed, updated, removed: done, or with `dryRun` to be done. kept: somebody changed `files`. */
export interface Outcome {
  readonly what: "installed" | "updated" | "unchanged" | "removed" | "absent" | "kept"
  /** Absolute directory of the skill. */
  readonly directory: string
  /** Those that somebody changed, relative to it. */
  readonly changed: readonly string[]
}

export async function installSkill(skill: ShippedSkill, place: string, version: string, { dryRun, force }: Wishes): Promise<Outcome> {
  const installed = await lookAt(skill, place)
  const changed = changedIn(installed)
  const outcome = (what: Outcome["what"]): Outcome => ({ what, directory: installed.directory, changed })
  if (changed.length > 0 && (!force || changed.includes("."))) return outcome("kept")
  if (installed.state === "current") return outcome("unchanged")
  if (!dryRun) await write(skill, installed, version)
  return outcome(installed.state === "absent" ? "installed" : "updated")
}

/** Removes the files that Fleet put there; those of others stay, and so does the directory while it holds any. */
export async function removeSkill(skill: ShippedSkill, place: string, { dryRun, force }: Wishes): Promise<Outcome> {
  const installed = await lookAt(skill, place)
  const changed = changedIn(installed)
  const outcome = (what: Outcome["what"]): Outcome => ({ what, directory: installed.directory, changed })
  if (installed.state === "absent") return outcome("absent")
  if (changed.length > 0 && (!force || changed.includes("."))) return outcome("kept")
  if (!dryRun) {
    for (const file of [...installed.files.map((one) => one.path), recordFile]) await rm(path.join(installed.directory, file), { force: true })
    await removeEmpty(installed)
  }
  return outcome("removed")
}

const changedIn = (installed: Installed): string[] => installed.files.filter((file) => file.state === "changed").map((file) => file.path)

/** The record first: when this is cut off, what was written is still known to be ours. */
async function write(skill: ShippedSkill, { directory, record, files }: Installed, version: string): Promise<void> {
  await mkdir(directory, { recursive: true })
  await writeWhole(path.join(directory, recordFile), recordText(record, version, skill.files))
  for (const file of skill.files) await writeFileOf(directory, file)
  const shipped = new Set(skill.files.map((file) => file.path))
  for (const file of files) if (!shipped.has(file.path)) await rm(path.join(directory, file.path), { force: true })
}

async function writeFileOf(directory: string, { path: file, text }: ShippedFile): Promise<void> {
  const target = path.join(directory, file)
  await mkdir(path.dirname(target), { recursive: true })
  await writeWhole(target, text)
}

/** An agent that reads meanwhile sees the old or the new text, never half of one. A link is replaced, not followed. */
async function writeWhole(target: string, text: string): Promise<void> {
  const beside = `${target}.${process.pid}.tmp`
  try {
    await writeFile(beside, text)
    await rename(beside, target)
  } finally {
    await rm(beside, { force: true })
  }
}

async function removeEmpty({ directory, files }: Installed): Promise<void> {
  const within = new Set(files.map((file) => path.dirname(path.join(directory, file.path))))
  for (const one of [...within, directory].sort((a, b) => b.length - a.length)) {
    try {
      await rmdir(one)
    } catch (error) {
      if (!isAbsent(error) && !isNotEmpty(error)) throw error
    }
  }
}

const isNotEmpty = (error: unknown): boolean => error instanceof Error && "code" in error && (error.code === "ENOTEMPTY" || error.code === "EEXIST")
