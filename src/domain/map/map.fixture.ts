/** Maps for tests: a file by its path and the names that it exports. */
import { languageOf } from "./language.ts"
import type { MappedFile, RepositoryMap } from "./map.ts"

export function file(path: string, names: readonly string[] = [], lines = 10): MappedFile {
  const symbols = names.map((name, at) => ({ name, kind: "function" as const, line: at + 1 }))
  return { path, language: languageOf(path), lines, symbols, exports: names, imports: [] }
}

export function mapOf(files: readonly MappedFile[], rest: Partial<RepositoryMap> = {}): RepositoryMap {
  return { files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)), commits: [], ownerRules: [], incomplete: [], ...rest }
}
