/** Counts the comments that ask for work, per directory and in proportion to its lines. Only tracked text files. */
import { todosMin, type TodoDirectory, type TodoFinding } from "../../domain/health/health.ts"
import type { Programs } from "./programs.ts"

const directoriesMax = 20

export async function todos(programs: Programs): Promise<TodoFinding> {
  const lines = countsIn(await programs.git("grep", "-I", "-c", "-z", "-e", "", "--", "."))
  if (lines === null) return { status: "unknown", why: "git could not count the lines of the repository", total: 0, directories: [] }
  const found = countsIn(await programs.git("grep", "-I", "-c", "-z", "-w", "-E", "-e", "TODO|FIXME|HACK|XXX", "--", ".")) ?? new Map<string, number>()
  const kept = new Map([...found].filter(([file]) => !othersWork.test(file)))
  const total = sum(kept.values())
  const directories = densities(kept, lines).filter(({ count, perThousandLines }) => count >= todosMin.count && perThousandLines >= todosMin.perThousandLines)
  if (directories.length === 0) return { status: "ok", why: total === 0 ? "none" : `${total}, nowhere many`, total, directories }
  return {
    status: "problem",
    why: `${total}, most of them in ${directories[0]?.directory || "the root"}`,
    total,
    directories: directories.slice(0, directoriesMax),
  }
}

const othersWork = /(^|\/)(vendor|third_party|node_modules|dist|build)\/|\.(min\.\w+|lock|snap|svg)$|\.md$/i

/** `path NUL count LF` for each file; null when git failed. It fails when nothing is found, too, which the caller knows. */
function countsIn(printed: string | null): Map<string, number> | null {
  if (printed === null) return null
  const counts = printed.split("\n").flatMap((line): [string, number][] => {
    const at = line.lastIndexOf("\0")
    const count = Number(line.slice(at + 1))
    return at <= 0 || !Number.isFinite(count) ? [] : [[line.slice(0, at), count]]
  })
  return new Map(counts)
}

function densities(found: ReadonlyMap<string, number>, lines: ReadonlyMap<string, number>): TodoDirectory[] {
  const [todo, all] = [byDirectory(found), byDirectory(lines)]
  return [...todo]
    .map(([directory, count]) => ({ directory, count, perThousandLines: Math.round((count * 1_000) / Math.max(1, all.get(directory) ?? 1)) }))
    .toSorted((a, b) => b.perThousandLines - a.perThousandLines || b.count - a.count || (a.directory < b.directory ? -1 : 1))
}

/** The first two directories: deeper ones are parts of a module, and a task for each would be too small. */
function byDirectory(files: ReadonlyMap<string, number>): Map<string, number> {
  const result = new Map<string, number>()
  for (const [file, count] of files) {
    const directory = file.split("/").slice(0, -1).slice(0, 2).join("/")
    result.set(directory, (result.get(directory) ?? 0) + count)
  }
  return result
}

const sum = (counts: Iterable<number>): number => [...counts].reduce((all, count) => all + count, 0)
