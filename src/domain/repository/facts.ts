/** What git says of a directory that a person points at. */
export interface RepositoryFacts {
  /** Top of the checkout, or the bare repository itself. */
  readonly root: string
  readonly commonDirectory: string
  /** Null for a repository without commits. */
  readonly head: string | null
  /** Null when HEAD is detached. */
  readonly branch: string | null
  readonly bare: boolean
  /** Paths with uncommitted changes in this checkout (tracked files only), at most 20. */
  readonly dirty: readonly string[]
  /** Paths that differ only in case are the same file here. */
  readonly ignoreCase: boolean
  readonly branches: readonly string[]
  /** Of the branch that was asked about; null when none was, or there is none of that name. */
  readonly refCommit: string | null
}
