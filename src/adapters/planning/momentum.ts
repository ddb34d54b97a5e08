/**
 * `.planning/momentum.json` of a project (C.3), made from its discoveries: only what was added is read (C.4.10), and readers see an old file or a
 * new one. How far it was read is kept beside the discoveries; when that is lost, all is read again.
 *
 * Several may do so at once, without a lock: each looks again after it has written, and goes on while there is more than it has seen, so the
 * last one to write has seen everything.
 */
import { stat } from "node:fs/promises"
import path from "node:path"
import { Momentum, type MomentumFile } from "../../domain/momentum/momentum.ts"
import { momentumFile, synthesisState, type ReadMark } from "../../protocol/planning/momentum.ts"
import { moveAside } from "../../runtime/aside.ts"
import { readPlain } from "../../runtime/plain-file.ts"
import { writeInside } from "./atomic-write.ts"
import { discoveriesDirectory, discoveryFiles, readNewDiscoveries } from "./discoveries.ts"

export const momentumFileOf = (root: string): string => path.join(root, ".planning", "momentum.json")
const stateFileOf = (root: string): string => path.join(discoveriesDirectory(root), ".momentum-state.json")

export interface Synthesis {
  readonly file: string
  readonly momentum: MomentumFile
  /** What somebody should hear: a file that was set aside. */
  readonly told: readonly string[]
}

export async function synthesiseMomentum(root: string, nowMs: number): Promise<Synthesis> {
  const file = momentumFileOf(root)
  const { told } = await readMomentum(root)
  for (let round = 1; ; round++) {
    const { momentum, marks, sizes } = await gather(root)
    const rendered = momentum.render(nowMs)
    await writeInside(root, stateFileOf(root), JSON.stringify({ version: 1, files: marks, momentum: momentum.state }))
    await writeInside(root, file, JSON.stringify(rendered, null, 2))
    if (round >= roundsMax || !(await hasMore(root, sizes))) return { file, momentum: rendered, told }
  }
}

export interface ReadMomentum {
  /** Null when there is none, or none that can be understood. */
  readonly momentum: MomentumFile | null
  readonly told: readonly string[]
}

/** A file that cannot be understood is set aside and told: what it said can be made anew from the discoveries. */
export async function readMomentum(root: string): Promise<ReadMomentum> {
  const file = momentumFileOf(root)
  const text = await textOf(file)
  if (text === null) return { momentum: null, told: [] }
  const read = momentumFile.safeParse(json(text))
  if (read.success) return { momentum: read.data, told: [] }
  const aside = await moveAside(file)
  return { momentum: null, told: aside === null ? [] : [`${file} cannot be understood; it is kept as ${aside}`] }
}

/** So that a flood of discoveries does not keep one busy for ever: whoever writes the next one goes on. */
const roundsMax = 20

interface Gathered {
  readonly momentum: Momentum
  readonly marks: Readonly<Record<string, ReadMark>>
  readonly sizes: Readonly<Record<string, number>>
}

async function gather(root: string): Promise<Gathered> {
  const kept = synthesisState.safeParse(json((await textOf(stateFileOf(root))) ?? ""))
  const known = kept.success ? await from(root, new Momentum(kept.data.momentum), kept.data.files) : null
  const all = known ?? (await from(root, new Momentum(), {}))
  if (all === null) throw new Error("files of discoveries change faster than they can be read")
  return all
}

async function from(root: string, momentum: Momentum, marks: Readonly<Record<string, ReadMark>>): Promise<Gathered | null> {
  const reading = await readNewDiscoveries(root, marks, (record) => momentum.add(record))
  return reading === null ? null : { momentum, marks: reading.marks, sizes: reading.sizes }
}

async function hasMore(root: string, sizes: Readonly<Record<string, number>>): Promise<boolean> {
  for (const name of await discoveryFiles(root)) {
    const size = (await stat(path.join(discoveriesDirectory(root), name)).catch(() => null))?.size ?? 0
    if (size !== (sizes[name] ?? 0)) return true
  }
  return false
}

const bytesMax = 64 * 1024 * 1024

/** Null when it is not there; empty when it cannot be read, or is no plain file. */
async function textOf(file: string): Promise<string | null> {
  const found = await readPlain(file, bytesMax)
  return found?.ok === false ? "" : (found?.text ?? null)
}

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}
