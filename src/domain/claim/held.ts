/** Which claim keeps others out of a scope, answered in less than asking each of 10,000. Taking and giving back are `decide.ts`'s work. */
import { Map as Table } from "immutable"
import type { ClaimId } from "../ids.ts"
import { firstOverlap, type CaseRule } from "../scope/overlap.ts"
import { ScopeTrie } from "../scope/trie.ts"
import type { Scope } from "../scope/scope.ts"
import type { Claim, ClaimChanges } from "./claim.ts"

export interface Claims {
  readonly taken: Table<ClaimId, Claim>
  readonly takenChanges: ClaimChanges | null
}

export interface Held {
  readonly claim: Claim
  /** The first pair that overlaps. */
  readonly ours: Scope
  readonly theirs: Scope
}

/** Of all claims on that repository that overlap, the one that was taken first; null when the scopes are free. */
export function heldClaim(claims: Claims, commonDirectory: string, scopes: readonly Scope[], rule: CaseRule): Held | null {
  if (claims.taken.isEmpty() || scopes.length === 0) return null
  const trie = trieOf(claims, commonDirectory, rule)
  let first: Claim | null = null
  for (const scope of scopes) for (const { owner } of trie.overlapping(scope)) if (first === null || isBefore(owner, first)) first = owner
  const pair = first === null ? null : firstOverlap(scopes, first.scopes, rule)
  return first === null || pair === null ? null : { claim: first, ours: pair[0], theirs: pair[1] }
}

const isBefore = (a: Claim, b: Claim): boolean =>
  a.takenAt < b.takenAt || (a.takenAt === b.takenAt && (a.id.length < b.id.length || (a.id.length === b.id.length && a.id < b.id)))

/** The claims of one repository as they were when it was last asked. A memory only: the answer is the same without it. */
interface Shelf {
  taken: Table<ClaimId, Claim>
  changes: ClaimChanges | null
  readonly known: Map<ClaimId, Claim>
  readonly trie: ScopeTrie<Claim>
  released: number
}

const nothing = Table<ClaimId, Claim>()
const shelves = new Map<string, Shelf>()
const shelvesMax = 64
/** A trie keeps the nodes of what was released. */
const releasedMax = 20_000

function trieOf(claims: Claims, commonDirectory: string, rule: CaseRule): ScopeTrie<Claim> {
  const { taken, takenChanges } = claims
  const name = `${rule.ignoreCase ? "i" : "c"}${commonDirectory}`
  const kept = shelves.get(name)
  const shelf = kept === undefined || kept.released > releasedMax ? newShelf(name, rule) : kept
  if (shelf.taken === taken) return shelf.trie
  const changed = changesSince(takenChanges, shelf.changes)
  if (changed === null) lookAtAll(shelf, taken, commonDirectory)
  else for (const claim of changed) put(shelf, claim, taken.get(claim), commonDirectory)
  shelf.taken = taken
  shelf.changes = takenChanges
  return shelf.trie
}

/** Null: not known. Found by walking back along what happened, so that a decision that came to nothing is never taken for one that was made. */
function changesSince(now: ClaimChanges | null, then: ClaimChanges | null): ClaimId[] | null {
  const changed: ClaimId[] = []
  for (let at = now; at !== null; at = at.before) {
    if (at === then) return changed
    changed.push(at.claim)
  }
  return null
}

function put(shelf: Shelf, id: ClaimId, claim: Claim | undefined, commonDirectory: string): void {
  const known = shelf.known.get(id)
  if (known === claim) return
  if (known !== undefined) remove(shelf, known)
  if (claim === undefined || claim.commonDirectory !== commonDirectory) return
  shelf.known.set(id, claim)
  for (const scope of claim.scopes) shelf.trie.add(scope, claim)
}

function lookAtAll(shelf: Shelf, taken: Table<ClaimId, Claim>, commonDirectory: string): void {
  let seen = 0
  taken.forEach((claim) => {
    if (claim.commonDirectory !== commonDirectory) return
    seen += 1
    put(shelf, claim.id, claim, commonDirectory)
  })
  if (shelf.known.size > seen) for (const claim of shelf.known.values()) if (!taken.has(claim.id)) remove(shelf, claim)
}

function newShelf(name: string, rule: CaseRule): Shelf {
  if (shelves.size >= shelvesMax) shelves.clear()
  const shelf: Shelf = { taken: nothing, changes: null, known: new Map(), trie: new ScopeTrie(rule), released: 0 }
  shelves.set(name, shelf)
  return shelf
}

function remove(shelf: Shelf, claim: Claim): void {
  shelf.known.delete(claim.id)
  shelf.trie.release(claim)
  shelf.released += 1
}
