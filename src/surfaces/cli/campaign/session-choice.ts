/** Which session file of a project is meant, read without a hub: a fresh clone has none. */
import { readFile, stat } from "node:fs/promises"
import path from "node:path"
import { slugOfSessionFile } from "../../../domain/planning/paths.ts"

export interface SessionText {
  readonly slug: string
  readonly file: string
}

/** The file that the word names, by its path; null when it names none. */
export async function sessionFileNamed(word: string, cwd: string): Promise<SessionText | null> {
  const slug = slugOfSessionFile(word)
  const file = path.resolve(cwd, word)
  if (slug === null || (await stat(file).catch(() => null))?.isFile() !== true) return null
  return { slug, file: await readFile(file, "utf8") }
}
