/** The parts of a repository: its top directories, and where one of them holds most of everything, those below it. */
import type { MappedFile } from "./map.ts"

export interface Module {
  /** A directory without `/` at the end; `.` for files at the root. Files in a module below are not counted here. */
  readonly path: string
  readonly files: number
  readonly lines: number
  /** The most used first. */
  readonly languages: readonly string[]
}

/** A directory with more than this share of all files is looked into. */
const shareMax = 0.3
const depthMax = 3
const filesToSplitMin = 12

/** The largest first, by files. */
export function modulesOf(files: readonly MappedFile[]): Module[] {
  return [...moduleFiles(files)]
    .map(([path, own]) => ({ path, files: own.length, lines: own.reduce((sum, file) => sum + file.lines, 0), languages: languagesOf(own) }))
    .toSorted((a, b) => b.files - a.files || (a.path < b.path ? -1 : 1))
}

/** Each file is in exactly one. */
export function moduleFiles(files: readonly MappedFile[]): Map<string, readonly MappedFile[]> {
  const modules = new Map<string, readonly MappedFile[]>()
  const open: (readonly [readonly MappedFile[], number])[] = [[files, 1]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [inside, depth] = next
    for (const [path, own] of Map.groupBy(inside, (file) => directoryAt(file.path, depth))) {
      const splits = own.length > files.length * shareMax && own.length >= filesToSplitMin && depth < depthMax && own.some((file) => isBelow(file.path, depth))
      if (!splits) modules.set(path, [...(modules.get(path) ?? []), ...own])
      else open.push([own, depth + 1])
    }
  }
  return modules
}

/** By files, the most used first. */
export function languagesOf(files: readonly MappedFile[]): string[] {
  return [...Map.groupBy(files, ({ language }) => language)]
    .toSorted(([a, one], [b, two]) => two.length - one.length || (a < b ? -1 : 1))
    .map(([language]) => language)
}

/** The first `depth` directories of a path, fewer when it has fewer. */
function directoryAt(path: string, depth: number): string {
  const directories = path.split("/").slice(0, -1).slice(0, depth)
  return directories.length === 0 ? "." : directories.join("/")
}

const isBelow = (path: string, depth: number): boolean => path.split("/").length > depth + 1
