/** Which session file of a project is meant, read without a hub: a fresh clone has none. */
import { existsSync } from "node:fs"
import { readFile, stat } from "node:fs/promises"
import path from "node:path"
import { sessionFilePath, slugOfSessionFile } from "../../../domain/planning/paths.ts"
import { repositoryRootOf } from "./quick-consent.ts"

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

/** The slug of the session file that the repository has under that name, `auth` or `session-auth`; null when it has none. */
export function sessionNamed(directory: string, name: string): string | null {
  const slugs = [name, /^session-(.+?)(?:\.md)?$/.exec(name)?.[1] ?? name].filter((slug) => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(slug))
  return slugs.find((slug) => existsSync(path.join(repositoryRootOf(directory), sessionFilePath(slug)))) ?? null
}
