/**
 * One small file for each workspace, written before anything of it is made and removed after all of it is gone, so that a
 * restarted worker finds every workspace, whole or half-made. One worker owns a home; two must not share it.
 */
import { createHash } from "node:crypto"
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises"
import { join } from "node:path"
import { z } from "zod"

const place = {
  workspace: z.string(),
  strategy: z.enum(["worktree", "clone", "existing"]),
  /** As it was named in the job. */
  repository: z.string(),
  common: z.string(),
  path: z.string(),
  branch: z.string(),
  base: z.string(),
  /** What setup made and dependencies kept in the checkout are good for; null when nothing may be kept. */
  preparation: z.string().nullable(),
  /** Its path was asked for: it never comes from the pool nor goes there. */
  given: z.boolean().default(false),
  /** The branch was there before and is somebody else's: it is worked on, never deleted. */
  borrowed: z.boolean().default(false),
}
const workspaceRecord = z.discriminatedUnion("state", [
  /** `branchMade`: the branch did not exist before, so taking everything back includes it. `salvage`: what was kept of its last life. */
  z.object({ state: z.literal("making"), ...place, branchMade: z.boolean(), salvage: z.string().nullable().default(null) }),
  z.object({ state: z.literal("ready"), ...place }),
  z.object({ state: z.literal("releasing"), ...place, landed: z.boolean(), salvage: z.string().nullable() }),
  /** The checkout is gone; what is kept of it is ours to take up again: the branch, unless it held nothing (`branchGone`), and the salvage. */
  z.object({ state: z.literal("released"), ...place, salvage: z.string().nullable(), branchGone: z.boolean().default(false) }),
  /** A directory of the person's that a session works in as it is. Null where it has no repository, no branch, no commit. */
  z.object({
    state: z.literal("adopted"),
    workspace: z.string(),
    repository: z.string(),
    path: z.string(),
    common: z.string().nullable(),
    branch: z.string().nullable(),
    base: z.string().nullable(),
  }),
])
/** A folder that did not exist before a checkout was put there. */
const folderRecord = z.object({ path: z.string() })
const pooledRecord = z.object({ common: z.string(), path: z.string(), preparation: z.string().nullable() })

export type WorkspaceRecord = z.infer<typeof workspaceRecord>
export type Adopted = Extract<WorkspaceRecord, { state: "adopted" }>
/** What was made, or is being made, for a workspace. */
export type Owned = Exclude<WorkspaceRecord, Adopted>
export type Place = Omit<Extract<WorkspaceRecord, { state: "ready" }>, "state">
export type PooledRecord = z.infer<typeof pooledRecord>

export class Journal {
  readonly #workspaces: string
  readonly #pool: string
  readonly #folders: string

  constructor(home: string) {
    this.#workspaces = join(home, "journal", "workspaces")
    this.#pool = join(home, "journal", "pool")
    this.#folders = join(home, "journal", "folders")
  }

  find(workspace: string): Promise<WorkspaceRecord | null> {
    return readRecord(join(this.#workspaces, fileOf(workspace)), workspaceRecord)
  }
  write(record: WorkspaceRecord): Promise<void> {
    return writeRecord(this.#workspaces, fileOf(record.workspace), record)
  }
  forget(workspace: string): Promise<void> {
    return removeRecord(this.#workspaces, fileOf(workspace))
  }
  all(): Promise<WorkspaceRecord[]> {
    return readAll(this.#workspaces, workspaceRecord)
  }

  addPooled(slot: string, record: PooledRecord): Promise<void> {
    return writeRecord(this.#pool, fileOf(slot), record)
  }
  dropPooled(slot: string): Promise<void> {
    return removeRecord(this.#pool, fileOf(slot))
  }
  pooled(): Promise<PooledRecord[]> {
    return readAll(this.#pool, pooledRecord)
  }

  async hasFolder(path: string): Promise<boolean> {
    return (await readRecord(join(this.#folders, hashOf(path)), folderRecord)) !== null
  }
  addFolder(path: string): Promise<void> {
    return writeRecord(this.#folders, hashOf(path), { path })
  }
  dropFolder(path: string): Promise<void> {
    return removeRecord(this.#folders, hashOf(path))
  }
}

/** A file name for any id: what is not plain is escaped, so no id can leave the folder. */
function fileOf(name: string): string {
  return `${encodeURIComponent(name).replace(/^\./, "%2E")}.json`
}

/** A path can be longer than a file's name. */
const hashOf = (path: string): string => `${createHash("sha256").update(path).digest("hex")}.json`

async function readRecord<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null
    throw error
  })
  return text === null ? null : schema.parse(JSON.parse(text))
}

async function readAll<T>(folder: string, schema: z.ZodType<T>): Promise<T[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return []
    throw error
  })
  const found = await Promise.all(names.filter((name) => name.endsWith(".json")).map((name) => readRecord(join(folder, name), schema)))
  return found.filter((record) => record !== null)
}

async function writeRecord(folder: string, name: string, record: unknown): Promise<void> {
  await mkdir(folder, { recursive: true })
  // The same name each time: what a kill leaves of it is written over, or goes when the record is forgotten.
  const temporary = join(folder, `${name}.tmp`)
  const file = await open(temporary, "w")
  try {
    await file.writeFile(JSON.stringify(record))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, join(folder, name))
}

async function removeRecord(folder: string, name: string): Promise<void> {
  await rm(join(folder, name), { force: true })
  await rm(join(folder, `${name}.tmp`), { force: true })
}
