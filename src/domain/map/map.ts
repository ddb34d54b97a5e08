/**
 * What stands where in a repository: every text file with its language, size and symbols, who wrote what, and where the work is now.
 * Owns the shapes only; adapters read them from a checkout, and the files beside this one say something from them.
 */
export type SymbolKind = "function" | "method" | "class" | "interface" | "type" | "enum" | "constant" | "module"

export interface MappedSymbol {
  readonly name: string
  readonly kind: SymbolKind
  /** From 1. */
  readonly line: number
}
export interface MappedFile {
  /** Relative to the repository's root, with `/` between segments. */
  readonly path: string
  /** As `typescript`, `markdown`; `text` where it is not known. */
  readonly language: string
  readonly lines: number
  /** In the order of the file. Empty for languages that are not parsed. */
  readonly symbols: readonly MappedSymbol[]
  /** Names of those that other files can use. */
  readonly exports: readonly string[]
  /** As they are written. */
  readonly imports: readonly string[]
}
export interface Commit {
  /** Epoch milliseconds. */
  readonly at: number
  readonly author: string
  readonly files: readonly string[]
}
/** A line of a CODEOWNERS file; of those that cover a path the last one counts. */
export interface OwnerRule {
  readonly pattern: string
  readonly owners: readonly string[]
}
export interface RepositoryMap {
  /** By path. */
  readonly files: readonly MappedFile[]
  /** The newest first; empty when nobody asked for the history. */
  readonly commits: readonly Commit[]
  readonly ownerRules: readonly OwnerRule[]
  /** What is not in the map, and why: one sentence each. Empty: everything is. */
  readonly incomplete: readonly string[]
}
