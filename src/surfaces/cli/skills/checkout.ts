/** Where the project lies that a person stands in. */
import { access } from "node:fs/promises"
import path from "node:path"

/** The nearest directory upwards with a `.git`, a file or a directory; `from` itself when there is none. */
export async function projectAt(from: string): Promise<string> {
  for (let at = from; ; at = path.dirname(at)) {
    if (await isThere(path.join(at, ".git"))) return at
    if (path.dirname(at) === at) return from
  }
}

async function isThere(file: string): Promise<boolean> {
  try {
    await access(file)
    return true
  } catch {
    return false
  }
}
