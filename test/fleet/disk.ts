/** Small and read-only file systems for tests, where this machine lets us mount. Gone when disposed. */
import { execFile } from "node:child_process"
import { mkdtemp, realpath, rm, rmdir, statfs, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { promisify } from "node:util"

const run = promisify(execFile)

export interface Disk extends AsyncDisposable {
  readonly path: string
  /** Leaves no room at all, until it is disposed. */
  fill(): Promise<AsyncDisposable>
}

/** A disk of that size, or why there can be none here. */
export async function smallDisk(megabytes: number): Promise<Disk | string> {
  const directory = await realpath(await mkdtemp(path.join(tmpdir(), "fleet-disk-")))
  try {
    await run("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "fleet", directory])
  } catch (error) {
    await rm(directory, { recursive: true })
    return `no small disk can be mounted here: ${(error as Error).message.trim()}`
  }
  const ballast = path.join(directory, "ballast")
  return {
    path: directory,
    fill: async () => {
      const { bavail, bsize } = await statfs(directory)
      await writeFile(ballast, Buffer.alloc(bavail * bsize)).catch((error: NodeJS.ErrnoException) => {
        // Others write meanwhile, and then it is full all the same.
        if (error.code !== "ENOSPC") throw error
      })
      return { [Symbol.asyncDispose]: () => rm(ballast) }
    },
    [Symbol.asyncDispose]: async () => {
      await run("umount", ["-l", directory])
      await rmdir(directory)
    },
  }
}

/** Makes a directory read-only, even for root, until it is disposed; or says why that cannot be here. */
export async function readOnly(directory: string): Promise<AsyncDisposable | string> {
  try {
    await run("mount", ["--bind", "-o", "ro", directory, directory])
  } catch (error) {
    return `nothing can be mounted read-only here: ${(error as Error).message.trim()}`
  }
  return { [Symbol.asyncDispose]: async () => void (await run("umount", ["-l", directory])) }
}
