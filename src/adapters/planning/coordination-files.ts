/** The two folders of `.planning/coordination/`: their files' names, reading them one by one and all together. What they mean is others' work. */
import { readdir, rm, stat } from "node:fs/promises"
import path from "node:path"
import { setImmediate } from "node:timers/promises"
import { fault, FaultError, type Fault } from "../../domain/fault.ts"
import type { ReadFile } from "../../protocol/planning/coordination.ts"
import { readPlainNow } from "../../runtime/plain-file.ts"
import { makeParents } from "./atomic-write.ts"

export type Folder = "claims" | "instances"

export interface FoundFiles<Shape> {
  /** By name. */
  readonly found: readonly Shape[]
  /** Files that cannot be read; they count as saying nothing. */
  readonly unreadable: readonly { readonly file: string; readonly id: string; readonly fault: Fault }[]
}

const filesMax = 20_000
const bytesMax = 256 * 1024
/** Then others of this process have their turn. */
const readsInARow = 100

export const coordinationOf = (root: string): string => path.join(root, ".planning", "coordination")

/** Whether the project has the folder: it is optional infrastructure (C.1.99). */
export const hasCoordination = (root: string): Promise<boolean> =>
  stat(coordinationOf(root)).then(
    (found) => found.isDirectory(),
    () => false,
  )

/** Throws a `FaultError` (`instance-id`) for an id that is no plain name: it would become a path. */
export function fileOf(root: string, folder: Folder, id: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(id))
    throw new FaultError(
      fault(
        "instance-id",
        `${JSON.stringify(id.slice(0, 80))} is no instance id`,
        "it becomes the name of a file: letters, digits, dots, dashes and underscores, at most 128",
        "make one: fleet planning generate-id",
      ),
    )
  return foundFile(root, folder, id)
}

/** Of an id that is the name of a file that was found there. */
export const foundFile = (root: string, folder: Folder, id: string): string => path.join(coordinationOf(root), folder, `${id}.json`)

/** Null when there is none. */
export async function readOne<Shape>(file: string, read: Read<Shape>): Promise<ReadFile<Shape> | null> {
  return readNow(file, read)
}

type Read<Shape> = (id: string, json: string) => ReadFile<Shape>

function readNow<Shape>(file: string, read: Read<Shape>): ReadFile<Shape> | null {
  const found = readPlainNow(file, bytesMax)
  return found?.ok === true ? read(path.basename(file, ".json"), found.text) : found
}

/** All of a folder; empty when there is no folder. Rejects with a `FaultError` (`too-many-claims`) at more than 20,000 files. */
export async function readAll<Shape>(root: string, folder: Folder, read: Read<Shape>): Promise<FoundFiles<Shape>> {
  const directory = path.join(coordinationOf(root), folder)
  const names = await namesIn(directory)
  const readings: { file: string; id: string; reading: ReadFile<Shape> | null }[] = []
  for (const [at, name] of names.entries()) {
    const file = path.join(directory, name)
    readings.push({ file, id: path.basename(name, ".json"), reading: readNow(file, read) })
    if (at % readsInARow === readsInARow - 1) await setImmediate()
  }
  return {
    found: readings.flatMap(({ reading }) => (reading?.ok === true ? [reading.value] : [])),
    unreadable: readings.flatMap(({ file, id, reading }) => (reading?.ok === false ? [{ file, id, fault: unreadable(file, reading.why) }] : [])),
  }
}

/** Removes exactly this file of the project (C.4.13). True when it was there. */
export async function removeFile(root: string, file: string): Promise<boolean> {
  await makeParents(root, file)
  return rm(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false
      throw error
    },
  )
}

export const unreadable = (file: string, why: string): Fault =>
  fault("planning-unreadable", `${file} cannot be read`, why, "mend or remove it; what it claims keeps nobody out until then")

async function namesIn(directory: string): Promise<string[]> {
  const all = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return []
    throw error
  })
  const names = all.filter((name) => name.endsWith(".json") && !name.startsWith(".")).sort()
  if (names.length > filesMax)
    throw new FaultError(
      fault("too-many-claims", `${directory} holds ${names.length} files`, `at most ${filesMax} are read`, "remove those of agents that are gone"),
    )
  return names
}
