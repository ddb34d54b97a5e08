/** Paths and kept files on this machine's disk. */
import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import { mkdir, readdir, realpath, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fault, FaultError } from "../../domain/fault.ts"
import type { Directories, ListedDirectory, SeenPath } from "../../engine/ports/directories.ts"

export function directoriesOf(attachments: string): Directories {
  return { look, list, make, keep: (bytes, extension) => keep(attachments, bytes, extension) }
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

const listedMax = 1_000

async function list(path: string): Promise<readonly ListedDirectory[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new FaultError(fault("directory-unreadable", `${path} cannot be read`, error.message, "choose another directory"))
  })
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => name)
    .sort()
    .slice(0, listedMax)
    .map((name) => ({ name, path: join(path, name), isGitRepo: existsSync(join(path, name, ".git")) }))
}

async function make(path: string): Promise<void> {
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EEXIST") throw new FaultError(fault("path-exists", `${path} is there already`, "nothing is made over it", "choose another name"))
    throw new FaultError(fault("directory-not-made", `${path} cannot be made`, error.message, "choose another place"))
  })
}

async function keep(directory: string, bytes: Uint8Array, extension: string): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, `${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}.${extension}`)
  await writeFile(path, bytes, { mode: 0o600, flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error
  })
  return path
}
