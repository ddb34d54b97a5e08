/** Paths and kept files on this machine's disk. */
import { createHash } from "node:crypto"
import { mkdir, realpath, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { Directories, SeenPath } from "../../engine/ports/directories.ts"

export function directoriesOf(attachments: string): Directories {
  return { look, keep: (bytes, extension) => keep(attachments, bytes, extension) }
}

async function look(path: string): Promise<SeenPath> {
  try {
    const real = await realpath(path)
    const found = await stat(real)
    return { path: real, kind: found.isDirectory() ? "directory" : "file", own: found.uid === process.getuid?.() }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP" || code === "EACCES" || code === "ENAMETOOLONG")
      return { path, kind: "missing", own: false }
    throw error
  }
}

async function keep(directory: string, bytes: Uint8Array, extension: string): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, `${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}.${extension}`)
  await writeFile(path, bytes, { mode: 0o600, flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error
  })
  return path
}
