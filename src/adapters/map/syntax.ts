/** A text as its grammar reads it: what it defines, exports and imports, and how many decisions it takes. Text of any quality: what cannot be read is left out. */
import type { Node, Query, QueryCapture, Tree } from "@vscode/tree-sitter-wasm"
import type { ParsedLanguage } from "../../domain/map/language.ts"
import type { MappedSymbol, SymbolKind } from "../../domain/map/map.ts"
import { loadGrammar, type LoadedGrammar } from "./grammars/grammars.ts"

export interface Outline {
  readonly symbols: readonly MappedSymbol[]
  readonly exports: readonly string[]
  readonly imports: readonly string[]
}

const symbolsMax = 300
const importsMax = 100
const nameCharsMax = 120
/** A grammar can be slow, and a query without end, on text that nobody would write; the process has other things to do. */
const parseTimeoutMs = 1_000
const queryTimeoutMs = 500

/** Null when it took too long, or the grammar gave up. */
export async function outlineOf(text: string, language: ParsedLanguage): Promise<Outline | null> {
  const loaded = await loadGrammar(language)
  return withTree(loaded, text, (tree) => {
    const captures = capturesOf(loaded.outline, tree)
    return captures === null ? null : outline(loaded, captures)
  })
}

/** The number of decision points; null when it took too long, or the grammar gave up. */
export async function decisionsIn(text: string, language: ParsedLanguage): Promise<number | null> {
  const loaded = await loadGrammar(language)
  return withTree(loaded, text, (tree) => {
    const captures = capturesOf(loaded.decisions, tree)
    return captures === null ? null : countOf(captures)
  })
}

function withTree<Result>({ parser, language }: LoadedGrammar, text: string, read: (tree: Tree) => Result): Result | null {
  const endsAt = performance.now() + parseTimeoutMs
  let tree: Tree | null = null
  try {
    parser.setLanguage(language)
    tree = parser.parse(text, null, { progressCallback: () => performance.now() > endsAt })
    return tree === null ? null : read(tree)
  } catch {
    // A scanner that runs out of its stack on hostile text throws from WebAssembly; the next text is read as ever.
    return null
  } finally {
    tree?.delete()
    parser.reset()
  }
}

/** Null when it took too long: what was found until then would be a part. Its progress callback is never called in this version. */
function capturesOf(query: Query, tree: Tree): QueryCapture[] | null {
  const startedAt = performance.now()
  const captures = query.captures(tree.rootNode, { timeoutMicros: queryTimeoutMs * 1_000 })
  return performance.now() - startedAt >= queryTimeoutMs ? null : captures
}

function countOf(captures: readonly QueryCapture[]): number {
  const outside = captures.filter(({ name }) => name === "outside").map(({ node }) => node)
  const decisions = captures.filter(
    ({ name, node }) => name === "decision" && !outside.some((one) => one.startIndex <= node.startIndex && node.endIndex <= one.endIndex),
  )
  return new Set(decisions.map(({ node }) => node.id)).size
}

const kinds: ReadonlySet<string> = new Set<SymbolKind>(["function", "method", "class", "interface", "type", "enum", "constant", "module"])
const isKind = (name: string): name is SymbolKind => kinds.has(name)

function outline({ grammar }: LoadedGrammar, captures: readonly QueryCapture[]): Outline {
  const symbols = symbolsOf(captures)
  const { exportsByName } = grammar
  const exported = exportsByName === undefined ? namesOf(captures, "export", symbolsMax) : symbols.map(({ name }) => name).filter(exportsByName)
  const imports = namesOf(captures, "import", importsMax).map((name) => name.replace(/^["'<`]|["'>`]$/g, ""))
  return { symbols, exports: [...new Set(exported)], imports: [...new Set(imports)] }
}

function symbolsOf(captures: readonly QueryCapture[]): MappedSymbol[] {
  const chosen = new Map<number, { readonly pattern: number; readonly kind: SymbolKind; readonly node: Node }>()
  for (const { name: kind, node, patternIndex: pattern } of captures) {
    if (isKind(kind) && (chosen.get(node.id)?.pattern ?? -1) < pattern) chosen.set(node.id, { pattern, kind, node })
  }
  return [...chosen.values()]
    .toSorted((a, b) => a.node.startIndex - b.node.startIndex)
    .slice(0, symbolsMax)
    .map(({ kind, node }) => ({ name: node.text.slice(0, nameCharsMax), kind, line: node.startPosition.row + 1 }))
}

const namesOf = (captures: readonly QueryCapture[], name: string, max: number): string[] =>
  captures
    .filter((capture) => capture.name === name)
    .slice(0, max)
    .map(({ node }) => node.text.slice(0, nameCharsMax))
