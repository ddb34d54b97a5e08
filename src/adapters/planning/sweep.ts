/** Frees what those who are gone have left in `.planning/coordination/` (C.1.93-95), by facts: processes, worktrees, heartbeats, and what was said of an end. */
import { lstat } from "node:fs/promises"
import { lifeOf, type InstanceFacts, type Judgement } from "../../domain/claim/alive.ts"
import type { Fault } from "../../domain/fault.ts"
import { readClaimFile, readInstanceFile, type ClaimFile, type InstanceFile } from "../../protocol/planning/coordination.ts"
import { moveAside } from "../../runtime/aside.ts"
import { foundFile, hasCoordination, readAll, removeFile, type FoundFiles } from "./coordination-files.ts"
import { withCoordination } from "./coordination-lock.ts"
import { instanceEndings, type Ending } from "./instance-endings.ts"
import { processLife } from "./instance-process.ts"
import { instanceWorktrees, type Environment, type InstanceWorktree } from "./instance-worktrees.ts"

export interface SweepOptions {
  /** Milliseconds. */
  readonly now: number
  /** For git. */
  readonly environment: Environment
  /** Instances that are not judged, because somebody knows better than their files do: those of Fleet's own campaigns. */
  readonly spare?: (instanceId: string) => boolean
}

export interface JudgedInstance extends Judgement {
  readonly instanceId: string
  /** Null: it claims nothing. */
  readonly claim: ClaimFile | null
}

export interface Swept {
  /** Everyone who was looked at. Of the finished and the dead, the files are gone; the others keep theirs. */
  readonly judged: readonly JudgedInstance[]
  /** For each dead instance that held something: `Dead instance {id} left orphaned claim on {scope}`. */
  readonly warnings: readonly string[]
  /** Work that nobody does any more: for the queue of the next wave. */
  readonly requeue: readonly Pick<ClaimFile, "instanceId" | "type" | "scope" | "description">[]
  /** Files that cannot be read, and where they were put aside; one that was written a moment ago is only told. */
  readonly faults: readonly Fault[]
}

/** Run it after every wave and before a new one. Where there is no folder of claims, nothing is done. */
export async function sweep(root: string, options: SweepOptions): Promise<Swept> {
  if (!(await hasCoordination(root))) return { judged: [], warnings: [], requeue: [], faults: [] }
  // Asked before anybody is kept waiting.
  const world = { worktrees: await instanceWorktrees(root, options.environment), endings: await instanceEndings(root), now: options.now }
  return withCoordination(root, async () => {
    const claims = await readAll(root, "claims", readClaimFile)
    const instances = await readAll(root, "instances", readInstanceFile)
    const judged = (await judge(claims, instances, world)).filter(({ instanceId }) => options.spare?.(instanceId) !== true)
    const over = judged.filter(({ is }) => is === "dead" || is === "finished")
    for (const { instanceId } of over) await removeAll(root, instanceId)
    const orphans = over.flatMap(({ is, claim }) => (is === "dead" && claim !== null ? [claim] : []))
    return {
      judged,
      warnings: orphans.map(({ instanceId, scope }) => `Dead instance ${instanceId} left orphaned claim on ${scope.join(", ")}`),
      requeue: orphans.map(({ instanceId, type, scope, description }) => ({ instanceId, type, scope, description })),
      faults: await putAside([...claims.unreadable, ...instances.unreadable], options.now),
    }
  })
}

/** Nobody whose instance file cannot be read is judged: what it says may be that it lives. */
async function judge(claims: FoundFiles<ClaimFile>, instances: FoundFiles<InstanceFile>, world: World): Promise<JudgedInstance[]> {
  const claimOf = new Map(claims.found.map((claim) => [claim.instanceId, claim]))
  const instanceOf = new Map(instances.found.map((instance) => [instance.instanceId, instance]))
  const unreadable = new Set(instances.unreadable.map(({ id }) => id))
  const judged: JudgedInstance[] = []
  for (const instanceId of new Set([...claimOf.keys(), ...instanceOf.keys()])) {
    const claim = claimOf.get(instanceId) ?? null
    if (unreadable.has(instanceId)) judged.push({ instanceId, is: "unknown", word: "unknown", why: "its instance file cannot be read", claim })
    else judged.push({ instanceId, ...lifeOf(await factsOf(instanceId, claim, instanceOf.get(instanceId) ?? null, world), world.now), claim })
  }
  return judged
}

interface World {
  /** Null: git could not be asked. */
  readonly worktrees: ReadonlyMap<string, InstanceWorktree> | null
  readonly endings: ReadonlyMap<string, Ending>
  readonly now: number
}

async function factsOf(instanceId: string, claim: ClaimFile | null, instance: InstanceFile | null, world: World): Promise<InstanceFacts> {
  const claimedAt = instantOf(claim?.claimedAt ?? "")
  const startedAt = instantOf(instance?.startedAt ?? "")
  const ending = world.endings.get(instanceId)
  // An id that is used again: what ended was the one before it.
  const ended = ending !== undefined && ending.at >= (claimedAt ?? startedAt ?? 0) ? ending.how : null
  return {
    instance: instance === null ? null : { lastSeen: instantOf(instance.lastSeen), status: instance.status },
    claimedAt,
    process: await processLife(instance?.pid ?? null, instantOf(instance?.lastSeen ?? "") ?? startedAt),
    worktree: world.worktrees === null ? "unknown" : (world.worktrees.get(instanceId) ?? "none"),
    ended,
    hasFleetId: /^fleet-.+-w\d+-a\d+$/.test(instanceId),
  }
}

function instantOf(text: string): number | null {
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : at
}

async function removeAll(root: string, instanceId: string): Promise<void> {
  await removeFile(root, foundFile(root, "claims", instanceId))
  await removeFile(root, foundFile(root, "instances", instanceId))
}

/** Who writes a file without care may be in the middle of it. */
const settledMs = 60_000

async function putAside(files: FoundFiles<unknown>["unreadable"], now: number): Promise<Fault[]> {
  const faults: Fault[] = []
  for (const { file, fault } of files) {
    const there = await lstat(file).catch(() => null)
    const aside = there !== null && now - there.mtimeMs > settledMs ? await moveAside(file) : null
    faults.push(aside === null ? fault : { ...fault, fix: `it was put aside as ${aside}: look at it there` })
  }
  return faults
}
