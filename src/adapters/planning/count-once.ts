/** Counts a campaign in harness.json once, however often it is asked: which ones were counted is kept beside Fleet's own files. */
import { readFile } from "node:fs/promises"
import { mkdir, rename, writeFile } from "node:fs/promises"
import path from "node:path"
import type { Fault } from "../../domain/fault.ts"
import { countSession } from "./harness.ts"

const keysMax = 10_000

/** Resolves to why it was not counted, or null. Where that cannot be understood nothing is counted: it is left for its person to mend. `completed`: the campaign came to its end. */
export async function countOnce(
  file: string,
  root: string,
  { key, completed, cleanMerge }: { readonly key: string; readonly completed: boolean; readonly cleanMerge: boolean },
): Promise<Fault | null> {
  const counted = await readKeys(file)
  if (counted.includes(key)) return null
  const notCounted = await countSession(root, { campaign: completed, cleanMerge })
  if (notCounted !== null) return notCounted
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  await writeFile(`${file}.new`, JSON.stringify([...counted, key].slice(-keysMax)), { mode: 0o600 })
  await rename(`${file}.new`, file)
  return null
}

async function readKeys(file: string): Promise<readonly string[]> {
  try {
    const value: unknown = JSON.parse(await readFile(file, "utf8"))
    return Array.isArray(value) ? value.filter((key) => typeof key === "string") : []
  } catch {
    return []
  }
}
