/** Puts a copy of a file that cannot be understood beside it, before anything is written in its place: what a person wrote is never lost. */
import { constants, copyFile, stat } from "node:fs/promises"
import { makeParents } from "./atomic-write.ts"

/**
 * `<file>.unreadable-<time of its last change>`, so the same text is copied once however often it is met. Resolves to the copy's path.
 * Rejects when there is no room or no right to write there; the file itself is left as it is in any case.
 */
export async function copyAside(file: string): Promise<string> {
  await makeParents(file)
  const { mtime, ino } = await stat(file)
  const copy = `${file}.unreadable-${mtime.toISOString().replaceAll(":", "")}-${ino.toString(36)}`
  await copyFile(file, copy, constants.COPYFILE_EXCL).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error
  })
  return copy
}
