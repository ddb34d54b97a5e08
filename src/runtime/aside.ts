/** A file that cannot be understood is never lost: it is put aside for somebody to look at, moved or copied, under a name that says when it was last changed. */
import { constants, copyFile, lstat, rename, stat } from "node:fs/promises"

/** Resolves to where it is now; null when it is gone already. */
export async function moveAside(file: string): Promise<string | null> {
  try {
    const aside = asideName(file, await lstat(file))
    await rename(file, aside)
    return aside
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null
    throw error
  }
}

/** The same text is copied once, however often it is met. Rejects when there is no room or no right to write there; the file itself is left as it is in any case. */
export async function copyAside(file: string, why: Aside = "unreadable"): Promise<string> {
  const copy = asideName(file, await stat(file), why)
  await copyFile(file, copy, constants.COPYFILE_EXCL).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error
  })
  return copy
}

/** Why it was put aside: the word in its name. */
export type Aside = "unreadable" | "edited"

/** `<file>.unreadable-<time of its last change>-<its inode>`: no two texts have the same. */
const asideName = (file: string, { mtime, ino }: { readonly mtime: Date; readonly ino: number }, why: Aside = "unreadable"): string =>
  `${file}.${why}-${mtime.toISOString().replaceAll(/[:.]/g, "-")}-${ino.toString(36)}`
