/** Whether all that several streams write lies in one and the same directory. */
import { isLiteral, literalPrefix, namesFile } from "../plan/assess-touched.ts"
import type { Scope } from "../scope/scope.ts"

/**
 * That directory, `""` for the root; null when there is none, when a stream names nothing that it writes, or with fewer than two streams.
 * `src/api` and `src/api/auth` are one; `src/api` and `src/ui` are two, and so are a file at the root and one below it.
 */
export function oneDirectory(streams: readonly (readonly Scope[])[]): string | null {
  const written = streams.map((scopes) => scopes.filter((scope) => scope.access === "write"))
  if (written.length < 2 || written.some((scopes) => scopes.length === 0)) return null
  const directories = [...new Set(written.flat().map(directoryOf))]
  const [shortest] = directories.toSorted((a, b) => a.length - b.length)
  if (shortest === undefined) return null
  return directories.every((directory) => directory === shortest || (shortest !== "" && directory.startsWith(`${shortest}/`))) ? shortest : null
}

/** The directory itself, or that of the file or pattern. */
export function directoryOf({ pattern }: Scope): string {
  if (!isLiteral(pattern)) return literalPrefix(pattern)
  return namesFile(pattern) ? pattern.split("/").slice(0, -1).join("/") : pattern
}
