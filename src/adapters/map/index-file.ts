/**
 * The index of a repository in a file: what was read of each of its files, and of which content. `files` is as Citadel's `/map` has it
 * (version 2: lang, lines, role, exports, imports, symbols, routes), so that its scripts can query it; what is ours is under `schema`
 * and beside those: `kinds` and `at` tell kind and line of each symbol.
 */
import { mkdir, open, rename, rm } from "node:fs/promises"
import path from "node:path"
import { randomUUID } from "node:crypto"
import { z } from "zod"
import type { MappedFile, MappedSymbol, SymbolKind } from "../../domain/map/map.ts"
import { roleOf } from "../../domain/map/role.ts"
import { copyAside } from "../../runtime/aside.ts"
import { readPlain } from "../../runtime/plain-file.ts"

export interface IndexedFile extends MappedFile {
  /** Git's name for the content that was read; null when it has to be read again. */
  readonly stamp: string | null
  /** Too large to be looked into. */
  readonly large: boolean
}
export interface ReadIndex {
  readonly files: ReadonlyMap<string, IndexedFile>
  /** What was wrong with it, and where it is now; null when nothing was. */
  readonly damage: string | null
}

/** Grows when a file would be read differently: what an older one says is read again. */
const schema = 1
const citadelVersion = 2
const bytesMax = 256 << 20

const kind = z.enum(["function", "method", "class", "interface", "type", "enum", "constant", "module"] satisfies SymbolKind[])
const indexedFile = z.object({
  lang: z.string(),
  lines: z.int().min(0),
  exports: z.array(z.string()),
  imports: z.array(z.string()),
  symbols: z.array(z.string()),
  kinds: z.array(kind),
  at: z.array(z.int().min(1)),
  stamp: z.string().nullable(),
  large: z.boolean().default(false),
})
const ours = z.object({ schema: z.literal(schema), files: z.record(z.string(), indexedFile) })
/** An older one of ours, or one that Citadel itself made: no damage, but nothing to keep. */
const others = z.object({ files: z.record(z.string(), z.looseObject({})) })

/** Never rejects for what the file holds: one that cannot be understood is copied aside, and is then as if it were not there. */
export async function readIndex(file: string): Promise<ReadIndex> {
  const read = await readPlain(file, bytesMax)
  if (read === null) return { files: new Map(), damage: null }
  if (!read.ok) return { files: new Map(), damage: `${file} could not be read: ${read.why}` }
  const value = jsonOf(read.text)
  const parsed = ours.safeParse(value)
  if (parsed.success) return { files: new Map(Object.entries(parsed.data.files).map(([at, entry]) => [at, fromStored(at, entry)])), damage: null }
  const known = others.safeParse(value)
  if (known.success && (!isRecord(value) || value["schema"] !== schema)) return { files: new Map(), damage: null }
  const aside = await copyAside(file)
  return { files: new Map(), damage: `${file} could not be understood; it was copied to ${aside}, and is made anew` }
}

/** As a whole or not at all. `directory` is made when it is missing. */
export async function writeIndex(file: string, files: readonly IndexedFile[], incomplete: readonly string[], now: () => number): Promise<void> {
  const at = new Date(now()).toISOString()
  const stored = Object.fromEntries(files.map((entry) => [entry.path, toStored(entry)]))
  const head = { schema, version: citadelVersion, generated: at, generatedAt: at, fileCount: files.length, graphEdgeCount: 0, incomplete }
  const text = JSON.stringify({ ...head, files: stored, graph: {}, routes: [], packageScripts: {}, verificationCommands: [] })
  await mkdir(path.dirname(file), { recursive: true })
  const fresh = `${file}.${randomUUID().slice(0, 8)}.new`
  try {
    await using handle = await open(fresh, "wx", 0o644)
    await handle.writeFile(text)
    await rename(fresh, file)
  } catch (error) {
    await rm(fresh, { force: true })
    throw error
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null

function fromStored(at: string, stored: z.output<typeof indexedFile>): IndexedFile {
  const { lang, lines, exports, imports, stamp, large } = stored
  const symbols = stored.symbols.map((name, place): MappedSymbol => ({ name, kind: stored.kinds[place] ?? "function", line: stored.at[place] ?? 1 }))
  return { path: at, language: lang, lines, symbols, exports, imports, stamp, large }
}

function toStored({ path: of, language, lines, symbols, exports, imports, stamp, large }: IndexedFile): object {
  return {
    lang: language,
    lines,
    role: roleOf(of, language),
    exports,
    imports,
    symbols: symbols.map(({ name }) => name),
    routes: [],
    kinds: symbols.map((symbol) => symbol.kind),
    at: symbols.map(({ line }) => line),
    stamp,
    ...(large ? { large } : {}),
  }
}
