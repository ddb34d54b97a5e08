/** Whether two compiled patterns have a path in common. What a segment means stands in `glob.ts`; what a scope is, in `overlap.ts`. */
import { goesBelow, namesMeet, type Alternative } from "./glob.ts"

/** When one side has ended, it covers all below, so whatever the other side still asks for is there. */
export function sequencesMeet(a: Alternative, b: Alternative): boolean {
  const parting = firstParting(a, b)
  return parting !== null && (parting === a.length || parting === b.length || walk(a, b, (i, j) => i === a.length || j === b.length, parting))
}

/** A pattern that asks for more than the path has does not cover it. */
export function coversPath(pattern: Alternative, path: Alternative): boolean {
  const parting = firstParting(pattern, path)
  return parting !== null && (parting === pattern.length || walk(pattern, path, (i) => i === pattern.length, parting))
}

/** Searches the pairs of positions that both sides can be at together, until `found` says so. Both begin at `from`. */
export function walk(a: Alternative, b: Alternative, found: (i: number, j: number) => boolean, from = 0): boolean {
  const seen = new Set<number>()
  const open: [number, number][] = [[from, from]]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const [i, j] = at
    if (found(i, j)) return true
    const left = a[i]
    const right = b[j]
    const mark = i * (b.length + 1) + j
    if (seen.has(mark)) continue
    seen.add(mark)
    // `**` may end here, or take one more segment of the other side.
    if (left?.kind === "globstar") {
      open.push([i + 1, j])
      if (right !== undefined && (right.kind === "globstar" || !right.file)) open.push([i, j + 1])
    }
    if (right?.kind === "globstar") {
      open.push([i, j + 1])
      if (left !== undefined && (left.kind === "globstar" || !left.file)) open.push([i + 1, j])
    }
    if (left === undefined || right === undefined || left.kind === "globstar" || right.kind === "globstar" || !namesMeet(left, right)) continue
    if ((goesBelow(left, right) || j + 1 === b.length) && (goesBelow(right, left) || i + 1 === a.length)) open.push([i + 1, j + 1])
  }
  return false
}

/**
 * How many literal names both begin with, null when they part at two different ones: then nothing behind them can bring them together.
 * From one literal name to the next there is one way only, whatever it looks like, so most pairs need no search.
 */
function firstParting(a: Alternative, b: Alternative): number | null {
  for (let at = 0; ; at++) {
    const left = a[at]
    const right = b[at]
    if (left?.kind !== "literal" || right?.kind !== "literal") return at
    if (left.text !== right.text) return null
  }
}
