/** What Fleet remembers of a skill that it installed, beside the skill itself: so that it knows its own files from changed ones. */
import { readFile } from "node:fs/promises"
import path from "node:path"
import { z } from "zod"

export const recordFile = ".fleet.json"
/** Of one file: its newest content and some before, in case an update is cut off half way. */
const hashesMax = 5

const record = z.object({ version: z.string(), files: z.record(z.string(), z.array(z.string())) })
export type SkillRecord = z.infer<typeof record>

/** An unreadable record counts as none: then every file that differs is taken for a person's. */
export async function readRecord(directory: string): Promise<SkillRecord> {
  const none: SkillRecord = { version: "", files: {} }
  try {
    const parsed = record.safeParse(JSON.parse(await readFile(path.join(directory, recordFile), "utf8")))
    return parsed.success ? parsed.data : none
  } catch {
    return none
  }
}

export function recordText(before: SkillRecord, version: string, files: readonly { readonly path: string; readonly hash: string }[]): string {
  const hashes = files.map(({ path: file, hash }) => [file, [...new Set([hash, ...(before.files[file] ?? [])])].slice(0, hashesMax)] as const)
  return `${JSON.stringify({ version, files: Object.fromEntries(hashes) }, null, 2)}\n`
}
