/** Adds a record that may have been added before: a projection is asked again when nobody knows whether it was done. */
import path from "node:path"
import { readDiscoveryRecord, type DiscoveryRecord } from "../../domain/discovery/record.ts"
import { openPlain } from "../../runtime/plain-file.ts"
import { endOf } from "./append-line.ts"
import { appendDiscovery, discoveriesDirectory } from "./discoveries.ts"

/** A projection that is tried again begins with its last records. */
const endBytes = 512 * 1024

export async function appendDiscoveryOnce(root: string, record: DiscoveryRecord): Promise<void> {
  const file = path.join(discoveriesDirectory(root), `${new Date(record.timestamp).toISOString().slice(0, 10)}.jsonl`)
  const same = withoutPlace(record)
  if (!(await lastLines(file)).some((line) => withoutPlace(recordIn(line)) === same)) await appendDiscovery(root, record)
}

/** In which wave and on which paths an agent worked is read from what it does now, and may have changed since: it is the same finding. */
const withoutPlace = (record: DiscoveryRecord | null): string | null => (record === null ? null : JSON.stringify({ ...record, wave: null, scope: [] }))

function recordIn(line: string): DiscoveryRecord | null {
  try {
    return readDiscoveryRecord(JSON.parse(line))
  } catch {
    return null
  }
}

/** None when it is not there, or no plain file: then adding to it says so. */
async function lastLines(file: string): Promise<readonly string[]> {
  const opened = await openPlain(file, Infinity)
  if (opened?.ok !== true) return []
  await using handle = opened.handle
  return (await endOf(handle, endBytes)).split("\n")
}
