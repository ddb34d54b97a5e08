/** A path pattern that a task reads or writes, relative to the repository's root, with `/` between segments. `overlap.ts` compares them. */
export interface Scope {
  /** Normalised by `parseScope`: no leading `./` or `/`, no `..`, no trailing `/`; may hold what `glob.ts` knows. `**` alone is the whole repository. */
  readonly pattern: string
  readonly access: "write" | "read"
}
