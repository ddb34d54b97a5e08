/** A repository on a page, for the planner that splits a direction: languages, modules, whose they are, and where the work is now. */
import { hotSpots } from "./hot-spots.ts"
import type { MappedFile, RepositoryMap } from "./map.ts"
import { languagesOf, moduleFiles, modulesOf } from "./modules.ts"
import { ownershipOf, type Ownership } from "./ownership.ts"
import { counted, fitting, shown } from "./shown.ts"

export const overviewCharsDefault = 6_000
const begin = "=== REPOSITORY MAP ==="
const end = "=== END REPOSITORY MAP ==="
const languagesMax = 10
const modulesMax = 40
const hotSpotsMax = 12
/** Of the room, at most this much is for modules, so that hot spots are seen in a repository of many parts. */
const moduleShare = 0.65

/** At most `charsMax` characters. What is left out for want of room is said by its number. */
export function overviewText(map: RepositoryMap, charsMax: number = overviewCharsDefault): string {
  const lines = map.files.reduce((sum, file) => sum + file.lines, 0)
  const head = [
    begin,
    `${counted(map.files.length, "file")}, ${counted(lines, "line")}: ${languagesText(map.files)}`,
    ...map.incomplete.slice(0, 5).map((why) => `incomplete: ${shown(why)}`),
  ]
  const room = charsMax - end.length - 1 - head.reduce((sum, line) => sum + line.length + 1, 0)
  const modules = section("Modules (files, lines, languages, who):", moduleLines(map), Math.floor(room * moduleShare), moduleFiles(map.files).size)
  const left = room - modules.reduce((sum, line) => sum + line.length + 1, 0)
  return [...head, ...modules, ...section("Hot spots (commits, the newest count most):", hotSpotLines(map), left), end].join("\n")
}

/** `total` counts what is not among the lines as well. */
function section(title: string, lines: readonly string[], charsMax: number, total = lines.length): string[] {
  if (lines.length === 0) return []
  const reserve = `  … and ${total} more`.length + 1
  const room = charsMax - title.length - 1
  const all = fitting(lines, room)
  if (all.length === total) return [title, ...lines]
  const kept = fitting(lines, room - reserve)
  return kept.length === 0 ? [] : [title, ...kept, `  … and ${total - kept.length} more`]
}

function languagesText(files: readonly MappedFile[]): string {
  const count = Map.groupBy(files, ({ language }) => language)
  const languages = languagesOf(files)
  const told = languages.slice(0, languagesMax).map((language) => `${language} ${count.get(language)?.length ?? 0}`)
  return [...told, ...(languages.length > languagesMax ? [`${languages.length - languagesMax} more`] : [])].join(", ")
}

function moduleLines({ files, commits, ownerRules }: RepositoryMap): string[] {
  const inside = moduleFiles(files)
  const ownership = ownershipOf(commits, ownerRules)
  return modulesOf(files)
    .slice(0, modulesMax)
    .map(({ path, files: count, lines, languages }) => {
      const who = whoText(ownership(inside.get(path) ?? []))
      return `  ${shown(path)}  ${counted(count, "file")}, ${counted(lines, "line")}  ${languages.slice(0, 3).join(", ")}${who === "" ? "" : `  ${who}`}`
    })
}

function whoText({ authors, owners }: Ownership): string {
  const all = authors.reduce((sum, [, touches]) => sum + touches, 0)
  const wrote = authors.map(([name, touches]) => `${shown(name, 40)} ${Math.round((100 * touches) / all)}%`).join(", ")
  const owned = owners.slice(0, 3).map((owner) => shown(owner, 40))
  return [...(wrote === "" ? [] : [`by ${wrote}`]), ...(owned.length === 0 ? [] : [`owners ${owned.join(" ")}`])].join("; ")
}

function hotSpotLines({ files, commits }: RepositoryMap): string[] {
  const known = new Set(files.map(({ path }) => path))
  return hotSpots(commits, (path) => known.has(path))
    .slice(0, hotSpotsMax)
    .map(({ path, commits: count, heat }) => `  ${shown(path)}  ${counted(count, "commit")}, heat ${heat.toFixed(1)}`)
}
