/** `fleet map`: the overview that a planner gets, or the slice that an agent gets for some keywords. Needs no hub. */
import path from "node:path"
import { openGit } from "../../../adapters/map/git.ts"
import { readMap, type ReadMap } from "../../../adapters/map/read.ts"
import { hotSpots } from "../../../domain/map/hot-spots.ts"
import type { RepositoryMap } from "../../../domain/map/map.ts"
import { languagesOf, moduleFiles, modulesOf } from "../../../domain/map/modules.ts"
import { overviewText } from "../../../domain/map/overview-text.ts"
import { ownershipOf } from "../../../domain/map/ownership.ts"
import { roleOf } from "../../../domain/map/role.ts"
import { sliceText } from "../../../domain/map/slice-text.ts"
import { slice, sliceFilesDefault, type SliceEntry } from "../../../domain/map/slice.ts"
import { makeHomeDirectory } from "../../../runtime/home.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { outputOf, type Output } from "../output.ts"
import { oneLine, plainLines } from "../text.ts"

const hotSpotsTold = 50

export async function map(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const query = invocation.text("query")
  const found = await read(invocation, query === null)
  for (const note of found.notes) output.note(output.paint("yellow", oneLine(note)))
  if (query === null) tellOverview(found, invocation.json, output)
  else tellSlice(found, query, invocation, output)
  return exitCodes.done
}

function read(invocation: Invocation, withHistory: boolean): Promise<ReadMap> {
  const { context } = invocation
  makeHomeDirectory(context.home)
  return readMap(path.resolve(context.cwd, invocation.text("directory") ?? "."), {
    git: openGit(context.env),
    cacheDirectory: path.join(context.home, "maps"),
    keep: invocation.flag("write") ? "always" : "planned",
    withHistory,
    now: context.now,
    elapsedMs: () => performance.now(),
  })
}

function tellOverview({ map: found, root, index, read: files }: ReadMap, json: boolean, output: Output): void {
  if (json) output.json({ root, index, read: files, ...overview(found) })
  else for (const line of plainLines(overviewText(found))) output.line(line)
}

function overview({ files, commits, ownerRules, incomplete }: RepositoryMap): object {
  const inside = moduleFiles(files)
  const ownership = ownershipOf(commits, ownerRules)
  const known = new Set(files.map((file) => file.path))
  return {
    files: files.length,
    lines: files.reduce((sum, file) => sum + file.lines, 0),
    languages: languagesOf(files),
    modules: modulesOf(files).map((module) => {
      const { authors, owners } = ownership(inside.get(module.path) ?? [])
      return { ...module, authors: authors.map(([name, touches]) => ({ name, touches })), owners }
    }),
    hot_spots: hotSpots(commits, (of) => known.has(of)).slice(0, hotSpotsTold),
    incomplete,
  }
}

function tellSlice({ map: found, root, index, read: files }: ReadMap, query: string, invocation: Invocation, output: Output): void {
  const entries = slice(found, [query], invocation.number("maxFiles") ?? sliceFilesDefault)
  if (invocation.json) return output.json({ root, index, read: files, items: entries.map(item), incomplete: found.incomplete })
  const text = sliceText(entries, [query])
  if (text === null) output.note("no file is about that")
  else for (const line of plainLines(text)) output.line(line)
}

function item({ file, score }: SliceEntry): object {
  const { path: of, language, lines, symbols, exports } = file
  return { path: of, score: Math.round(score * 100) / 100, role: roleOf(of, language), language, lines, exports, symbols }
}
