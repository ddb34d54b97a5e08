/** Adds a record that may have been added before: a projection is asked again when nobody knows whether it was done. */
import { open } from "node:fs/promises"
import path from "node:path"
import type { DiscoveryRecord } from "../../domain/discovery/record.ts"
import { appendDiscovery, discoveriesDirectory } from "./discoveries.ts"

/** A projection that is tried again begins with its last records. */
const endBytes = 512 * 1024

export async function appendDiscoveryOnce(root: string, record: DiscoveryRecord): Promise<void> {
  const file = path.join(discoveriesDirectory(root), `${new Date(record.timestamp).toISOString().slice(0, 10)}.jsonl`)
  if (!(await endOf(file)).includes(JSON.stringify(record))) await appendDiscovery(root, record)
}

/** The last lines of a file; none when it is not there. */
async function endOf(file: string): Promise<readonly string[]> {
  const handle = await open(file, "r").catch(() => null)
  if (handle === null) return []
  try {
    const { size } = await handle.stat()
    const length = Math.min(size, endBytes)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length)
    return buffer.subarray(0, bytesRead).toString("utf8").split("\n")
  } finally {
    await handle.close()
  }
}
