/** Records of Fleet's own in a project: read as plain files only, and told where they are none. */
import { fault, FaultError } from "../../domain/fault.ts"
import { readPlain } from "../../runtime/plain-file.ts"

/** Null: there is none. Rejects with a `FaultError` (`record-unreadable`) for what is no plain file of at most `bytesMax`. */
export async function readRecord(file: string, bytesMax: number): Promise<string | null> {
  const found = await readPlain(file, bytesMax)
  if (found?.ok === false) throw recordUnreadable(file, found.why)
  return found?.text ?? null
}

export const recordUnreadable = (file: string, why: string): FaultError =>
  new FaultError(fault("record-unreadable", `${file} cannot be read`, why, "move it away: only plain files that you may read belong there"))
