/** A slice as the block that an agent reads before it starts (C.1.26). Its frame and its lines are those that Citadel's `/map` documents. */
import type { MappedFile } from "./map.ts"
import { roleOf } from "./role.ts"
import { fitting, shown } from "./shown.ts"
import type { SliceEntry } from "./slice.ts"

const begin = "=== MAP SLICE ==="
const end = "=== END MAP SLICE ==="
/** The original keeps a slice of 15 files below 2,000 tokens. */
export const sliceCharsDefault = 8_000
const namesMax = 5
const queryCharsMax = 300
const keywordsTold = 64

/**
 * ```
 * === MAP SLICE ===
 * Query: claim overlap
 *  87 source      src/domain/claim/overlap.ts  [overlaps, covers]  (41L)
 * === END MAP SLICE ===
 * ```
 * The score is of 100 for the best file. Null when nothing was found: an empty block tells an agent nothing.
 */
export function sliceText(entries: readonly SliceEntry[], keywords: readonly string[], charsMax: number = sliceCharsDefault): string | null {
  const best = entries[0]?.score
  if (best === undefined) return null
  const query = `Query: ${shown(keywords.slice(0, keywordsTold).join(" "), queryCharsMax)}`
  const lines = entries.map(({ file, score }) => line(file, Math.max(1, Math.round((100 * score) / best))))
  const room = charsMax - begin.length - query.length - end.length - 3
  const kept = fitting(lines, room)
  return kept.length === 0 ? null : [begin, query, ...kept, end].join("\n")
}

function line(file: MappedFile, score: number): string {
  const exported = new Set(file.exports)
  const names = [...new Set([...file.exports, ...file.symbols.map(({ name }) => name).filter((name) => !exported.has(name))])]
  const told = names.slice(0, namesMax).map((name) => shown(name, 60))
  const list = told.length === 0 ? "" : `  [${told.join(", ")}${names.length > namesMax ? ", …" : ""}]`
  return `${String(score).padStart(3)} ${roleOf(file.path, file.language).padEnd(10)}  ${shown(file.path)}${list}  (${file.lines}L)`
}
