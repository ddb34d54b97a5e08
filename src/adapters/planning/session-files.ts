/**
 * `.planning/fleet/session-{slug}.md`: written from Fleet's state, and edited by people. What Fleet wrote last is kept beside its own files, so that an edit
 * is told from what is only old, also after everything was restarted; nothing is written over an edit that nobody has looked at.
 */
import { createHash } from "node:crypto"
import { mkdir, readdir, rename, stat, writeFile } from "node:fs/promises"
import path from "node:path"
import { sessionFilePath, sessionsFolder, slugOfSessionFile } from "../../domain/planning/paths.ts"
import { parseSessionFile } from "../../domain/session-file/parse.ts"
import type { EditedFile, PlanningWrite } from "../../protocol/planning/record.ts"
import { moveAside } from "../../runtime/aside.ts"
import { readPlain } from "../../runtime/plain-file.ts"
import { keepCopy, makeParents, writeInside } from "./atomic-write.ts"

const fileBytesMax = 2 * 1024 * 1024
const filesMax = 200

export interface SessionFilesOptions {
  /** Absolute directory for what Fleet wrote last; not inside any project. */
  readonly kept: string
}

/**
 * Null when it was written; otherwise what somebody made of it. `over`: the edit that the caller has seen and taken over. Where the caller says `keep`, and
 * where it cannot be read as a session file, that is put aside before anything takes its place. Where the project itself is gone nothing is done: it would be made again.
 */
export async function writeSessionFile(
  { kept }: SessionFilesOptions,
  root: string,
  { slug, text, over, keep }: Omit<Extract<PlanningWrite, { readonly kind: "session-file" }>, "kind">,
): Promise<EditedFile | null> {
  const file = path.join(root, sessionFilePath(slug))
  if (!(await isThere(root))) return null
  const edited = await lookAtSessionFile({ kept }, root, slug)
  if (edited !== null && edited.found !== over) return edited
  if (edited === null) await keepUnreadable(root, file)
  else if (parseSessionFile(edited.found).file === null) await keepCopy(root, file)
  else if (keep) await keepCopy(root, file, "edited")
  const shadow = shadowOf(kept, file)
  await mkdir(kept, { recursive: true, mode: 0o700 })
  // In this order: dying in between leaves a text that is known to be ours.
  await writeFile(`${shadow}.next`, text, { mode: 0o600 })
  await writeInside(root, file, text)
  await rename(`${shadow}.next`, shadow)
  return null
}

/** What somebody made of it since Fleet wrote it; null when nobody did, and when it is gone (then it is written anew). */
export async function lookAtSessionFile({ kept }: SessionFilesOptions, root: string, slug: string): Promise<EditedFile | null> {
  const file = path.join(root, sessionFilePath(slug))
  const found = await textOf(file)
  if (found === null) return null
  const shadow = shadowOf(kept, file)
  const [written, next] = [await textOf(shadow), await textOf(`${shadow}.next`)]
  return found === written || found === next ? null : { slug, written, found }
}

/** The newest first. */
export async function sessionFilesOf(root: string): Promise<readonly Pick<EditedFile, "slug" | "found">[]> {
  const directory = path.join(root, sessionsFolder)
  const names = (await readdir(directory).catch(() => [])).filter((name) => slugOfSessionFile(name) !== null).slice(0, filesMax)
  const dated = await Promise.all(names.map(async (name) => ({ name, at: (await stat(path.join(directory, name)).catch(() => null))?.mtimeMs ?? 0 })))
  const newestFirst = dated.toSorted((a, b) => b.at - a.at || (a.name < b.name ? -1 : 1))
  const read = await Promise.all(
    newestFirst.map(async ({ name }) => ({ slug: slugOfSessionFile(name) ?? "", found: (await textOf(path.join(directory, name))) ?? "" })),
  )
  return read.filter(({ found }) => found !== "")
}

const shadowOf = (kept: string, file: string): string => path.join(kept, `${createHash("sha256").update(file).digest("hex").slice(0, 32)}.md`)

const isThere = (directory: string): Promise<boolean> =>
  stat(directory).then(
    (found) => found.isDirectory(),
    () => false,
  )

/** Moved, because copying a pipe would never end. */
async function keepUnreadable(root: string, file: string): Promise<void> {
  if ((await readPlain(file, fileBytesMax))?.ok !== false) return
  await makeParents(root, file)
  await moveAside(file)
}

/** Null: there is none, or it is no plain file, or larger than any session file. */
async function textOf(file: string): Promise<string | null> {
  const found = await readPlain(file, fileBytesMax)
  return found?.ok === true ? found.text : null
}
