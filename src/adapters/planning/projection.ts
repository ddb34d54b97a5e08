/** Writes who works where, as Fleet's own state has it, into `.planning/coordination/`: our files become what is wanted, others' are never touched. */
import type { Fault } from "../../domain/fault.ts"
import { readClaimFile, readInstanceFile, type ClaimFile, type InstanceFile, type ReadFile } from "../../protocol/planning/coordination.ts"
import { moveAside } from "../../runtime/aside.ts"
import { writeInside } from "./atomic-write.ts"
import { claimText } from "./claims.ts"
import { fileOf, foundFile, hasCoordination, readAll, removeFile, unreadable, type Folder } from "./coordination-files.ts"
import { withCoordination } from "./coordination-lock.ts"
import { instanceText } from "./instances.ts"

export interface WantedCoordination {
  readonly claims: readonly ClaimFile[]
  readonly instances: readonly InstanceFile[]
}

export interface ProjectionOptions {
  /** Of campaigns whose files are ours: `fleet-<slug>-w<n>-a<n>`, and nothing that only begins alike. */
  readonly slugs: readonly string[]
  /** Makes the folder; otherwise a project without it is left as it is (C.1.99). */
  readonly create: boolean
}

export interface Projected {
  /** False: there is no folder, and nothing was done. */
  readonly done: boolean
  readonly written: number
  readonly removed: number
  /** Files of ours that nobody could read: put aside, and written anew where they are wanted. */
  readonly faults: readonly Fault[]
}

/** Can be repeated at any time. Rejects with a `FaultError` for a wanted id that is no name, and when a folder leads out of the project. */
export async function projectCoordination(root: string, wanted: WantedCoordination, options: ProjectionOptions): Promise<Projected> {
  if (!options.create && !(await hasCoordination(root))) return { done: false, written: 0, removed: 0, faults: [] }
  return withCoordination(root, async () => {
    const claims = await projectFolder(root, { folder: "claims", wanted: wanted.claims, read: readClaimFile, text: claimText }, options)
    const instances = await projectFolder(root, { folder: "instances", wanted: wanted.instances, read: readInstanceFile, text: instanceText }, options)
    return {
      done: true,
      written: claims.written + instances.written,
      removed: claims.removed + instances.removed,
      faults: [...claims.faults, ...instances.faults],
    }
  })
}

interface Files<Shape> {
  readonly folder: Folder
  readonly wanted: readonly Shape[]
  readonly read: (id: string, json: string) => ReadFile<Shape>
  readonly text: (of: Shape) => string
}

async function projectFolder<Shape extends { readonly instanceId: string }>(
  root: string,
  { folder, wanted, read, text }: Files<Shape>,
  { slugs }: ProjectionOptions,
): Promise<Omit<Projected, "done">> {
  const { found, unreadable: wrong } = await readAll(root, folder, read)
  const texts = new Map(wanted.map((one) => [one.instanceId, text(one)]))
  const isOurs = (id: string): boolean => texts.has(id) || slugs.some((slug) => isOf(slug, id))
  const faults: Fault[] = []
  for (const { file, fault } of wrong.filter((one) => isOurs(one.id))) {
    const aside = await moveAside(file)
    faults.push(aside === null ? fault : { ...unreadable(file, fault.why), fix: `it was put aside as ${aside}: look at it there` })
  }
  const there = new Map(found.map((one) => [one.instanceId, text(one)]))
  const changed = [...texts].filter(([id, of]) => there.get(id) !== of)
  for (const [id, of] of changed) await writeInside(root, fileOf(root, folder, id), of)
  const gone = [...there.keys()].filter((id) => isOurs(id) && !texts.has(id))
  for (const id of gone) await removeFile(root, foundFile(root, folder, id))
  return { written: changed.length, removed: gone.length, faults }
}

const isOf = (slug: string, id: string): boolean => id.startsWith(`fleet-${slug}-`) && /^w\d+-a\d+$/.test(id.slice(`fleet-${slug}-`.length))
