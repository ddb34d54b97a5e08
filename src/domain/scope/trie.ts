/**
 * Many scopes at once: who conflicts with this one, and which pairs do. Holds write scopes only, since reading conflicts with nothing.
 * Each node is one segment of a pattern, so a question walks only where the two can still meet.
 */
import { alternatives, type CaseRule } from "./overlap.ts"
import { goesBelow, namesMeet, type Alternative, type Name, type Segment } from "./glob.ts"
import type { Scope } from "./scope.ts"

export interface Holding<Owner> {
  readonly scope: Scope
  readonly owner: Owner
}

interface Node<Owner> {
  /** Null for the root. */
  readonly segment: Segment | null
  readonly number: number
  readonly literals: Map<string, Node<Owner>>
  readonly globs: Map<string, Node<Owner>>
  readonly ends: Set<Holding<Owner>>
}

export class ScopeTrie<Owner> {
  readonly #rule: CaseRule
  readonly #root: Node<Owner>
  readonly #held = new Map<Owner, Holding<Owner>[]>()
  #nodes = 0

  constructor(rule: CaseRule = { ignoreCase: false }) {
    this.#rule = rule
    this.#root = this.#node(null)
  }

  add(scope: Scope, owner: Owner): void {
    if (scope.access === "read") return
    const holding = { scope, owner }
    const held = this.#held.get(owner)
    if (held === undefined) this.#held.set(owner, [holding])
    else held.push(holding)
    for (const pattern of alternatives(scope, this.#rule)) this.#path(pattern).ends.add(holding)
  }

  /** Takes away everything that `owner` holds. Empty nodes stay: the patterns of a run come back. */
  release(owner: Owner): void {
    for (const holding of this.#held.get(owner) ?? []) for (const pattern of alternatives(holding.scope, this.#rule)) this.#path(pattern).ends.delete(holding)
    this.#held.delete(owner)
  }

  /** Everything held that conflicts with `scope`, the asker's own included. */
  overlapping(scope: Scope): Set<Holding<Owner>> {
    const found = new Set<Holding<Owner>>()
    if (scope.access === "write") for (const pattern of alternatives(scope, this.#rule)) collect(this.#root, pattern, found)
    return found
  }

  #path(pattern: Alternative): Node<Owner> {
    let at = this.#root
    for (const segment of pattern) {
      const children = segment.kind === "literal" ? at.literals : at.globs
      const name = nameOf(segment)
      let next = children.get(name)
      if (next === undefined) children.set(name, (next = this.#node(segment)))
      at = next
    }
    return at
  }

  #node(segment: Segment | null): Node<Owner> {
    return { segment, number: this.#nodes++, literals: new Map(), globs: new Map(), ends: new Set() }
  }
}

/** Every conflict between two different owners, once, as it is found: there can be very many, so stop asking when there are enough. */
export function* overlappingPairs<Owner>(
  holdings: Iterable<Holding<Owner>>,
  rule: CaseRule = { ignoreCase: false },
): Generator<readonly [Holding<Owner>, Holding<Owner>]> {
  const trie = new ScopeTrie<Owner>(rule)
  for (const holding of holdings) {
    for (const other of trie.overlapping(holding.scope)) if (other.owner !== holding.owner) yield [other, holding]
    trie.add(holding.scope, holding.owner)
  }
}

/** A file and a directory of the same name are two nodes: what may lie below them differs. */
const nameOf = (segment: Segment): string => (segment.kind === "globstar" ? "**" : segment.file ? `${segment.text}/` : segment.text)

/** Positions are pairs of a node and how much of the pattern it stands for; most patterns are literal and need no memory of them. */
function collect<Owner>(root: Node<Owner>, pattern: Alternative, found: Set<Holding<Owner>>): void {
  const seen = new Set<number>()
  const open: [Node<Owner>, number][] = [[root, 0]]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const [node, depth] = at
    // What ends here covers everything below, whatever the pattern still asks for.
    for (const holding of node.ends) found.add(holding)
    const segment = pattern[depth]
    if (segment === undefined) {
      everythingBelow(node, found)
      continue
    }
    const mark = node.number * (pattern.length + 1) + depth
    if (seen.has(mark)) continue
    seen.add(mark)
    if (segment.kind === "globstar") skip(node, depth, open)
    else step(node, segment, { depth, last: depth + 1 === pattern.length }, open, found)
  }
}

/** The pattern's `**` ends here, or takes one more segment of what is held. */
function skip<Owner>(node: Node<Owner>, depth: number, open: [Node<Owner>, number][]): void {
  open.push([node, depth + 1])
  for (const children of [node.globs, node.literals])
    for (const child of children.values()) if (child.segment?.kind === "globstar" || child.segment?.file === false) open.push([child, depth])
}

function step<Owner>(node: Node<Owner>, asked: Name, at: { depth: number; last: boolean }, open: [Node<Owner>, number][], found: Set<Holding<Owner>>): void {
  // A node that is `**` takes as many segments of the pattern as it likes, but for a file.
  if (node.segment?.kind === "globstar" && !asked.file) open.push([node, at.depth + 1])
  for (const child of candidates(node, asked)) {
    const held = child.segment
    if (held === null) continue
    if (held.kind === "globstar") open.push([child, at.depth])
    else if (!namesMeet(held, asked) || (!at.last && !goesBelow(held, asked))) continue
    else if (goesBelow(asked, held)) open.push([child, at.depth + 1])
    else for (const holding of child.ends) found.add(holding)
  }
}

function* candidates<Owner>(node: Node<Owner>, asked: Name): Generator<Node<Owner>> {
  yield* node.globs.values()
  if (asked.kind === "glob") yield* node.literals.values()
  else
    for (const name of [asked.text, `${asked.text}/`]) {
      const child = node.literals.get(name)
      if (child !== undefined) yield child
    }
}

function everythingBelow<Owner>(top: Node<Owner>, found: Set<Holding<Owner>>): void {
  const open = [top]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const holding of node.ends) found.add(holding)
    // One by one: as arguments of one call, a directory of 100,000 names is more than the stack holds.
    for (const children of [node.literals, node.globs]) for (const child of children.values()) open.push(child)
  }
}
