/** Instances as files, `.planning/coordination/instances/<id>.json` (C.3): who is there, and when it was heard of last. */
import { FaultError, type Fault } from "../../domain/fault.ts"
import { readInstanceFile, type InstanceFile } from "../../protocol/planning/coordination.ts"
import { writeInside } from "./atomic-write.ts"
import { fileOf, hasCoordination, readAll, readOne, removeFile, unreadable } from "./coordination-files.ts"
import { withCoordination } from "./coordination-lock.ts"

export interface FoundInstances {
  readonly instances: readonly InstanceFile[]
  readonly faults: readonly Fault[]
}

export interface NewInstance {
  readonly instanceId: string
  /**
   * A process that lives as long as the instance does, or null. Never that of whoever happens to call: a tool's shell is gone in an instant,
   * and the next sweep would take the instance for dead (C.4.2).
   */
  readonly pid: number | null
  readonly campaignSlug: string | null
}

/** Who is registered; an unreadable file is told and left alone. */
export async function readInstances(root: string): Promise<FoundInstances> {
  const { found, unreadable: wrong } = await readAll(root, "instances", readInstanceFile)
  return { instances: found, faults: wrong.map((one) => one.fault) }
}

/** `now` in milliseconds. Rejects with a `FaultError` for an id that is no name, and when its file is there and unreadable. */
export async function registerInstance(root: string, { instanceId, pid, campaignSlug }: NewInstance, now: number): Promise<void> {
  const file = fileOf(root, "instances", instanceId)
  const at = new Date(now).toISOString()
  await withCoordination(root, async () => {
    await readable(file)
    await writeInside(root, file, instanceText({ instanceId, startedAt: at, lastSeen: at, status: "active", pid, campaignSlug }))
  })
}

/** Says that it is still there. False when nobody registered it. */
export async function heartbeat(root: string, instanceId: string, now: number): Promise<boolean> {
  const file = fileOf(root, "instances", instanceId)
  if (!(await hasCoordination(root))) return false
  return withCoordination(root, async () => {
    const instance = await readable(file)
    if (instance === null) return false
    await writeInside(root, file, instanceText({ ...instance, lastSeen: new Date(now).toISOString() }))
    return true
  })
}

/** Removes its file, and its claim. True when there was one of them. */
export async function unregister(root: string, instanceId: string): Promise<boolean> {
  const files = [fileOf(root, "instances", instanceId), fileOf(root, "claims", instanceId)]
  if (!(await hasCoordination(root))) return false
  return withCoordination(root, async () => {
    const removed = await Promise.all(files.map((file) => removeFile(root, file)))
    return removed.includes(true)
  })
}

/** As it stands in the file: the keys of C.3 in their order. */
export const instanceText = ({ instanceId, startedAt, lastSeen, status, pid, campaignSlug }: InstanceFile): string =>
  JSON.stringify({ instanceId, startedAt, lastSeen, status, pid, campaignSlug }, null, 2)

async function readable(file: string): Promise<InstanceFile | null> {
  const reading = await readOne(file, readInstanceFile)
  if (reading?.ok === false) throw new FaultError(unreadable(file, reading.why))
  return reading?.value ?? null
}
