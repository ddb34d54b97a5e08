/** Looks for a program as the operating system would. */
import { access, constants, stat } from "node:fs/promises"
import path from "node:path"

/** Its absolute path, or null when there is none that can be run. A name with a slash is taken relative to `directory`. */
export async function findProgram(program: string, searchPath: string, directory: string): Promise<string | null> {
  const candidates = program.includes("/")
    ? [path.resolve(directory, program)]
    : searchPath
        .split(path.delimiter)
        .filter((folder) => folder !== "")
        .map((folder) => path.resolve(directory, folder, program))
  for (const candidate of candidates) if (await canRun(candidate)) return candidate
  return null
}

async function canRun(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return (await stat(file)).isFile()
  } catch {
    return false
  }
}
