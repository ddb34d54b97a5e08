/**
 * The files that some keywords are about, best first: those that lie in a path among them, those beside it, then all others; within each by BM25 over the
 * words of a file's path, symbols and imports. The same map and the same keywords give the same slice, in whatever order the keywords come.
 */
import type { MappedFile, RepositoryMap } from "./map.ts"
import { nearness, placesIn } from "./places.ts"
import { roleOf } from "./role.ts"
import { wordsOf } from "./words.ts"

export interface SliceEntry {
  readonly file: MappedFile
  /** Above 0; only comparable within one slice. */
  readonly score: number
}

export const sliceFilesDefault = 15
/** More keywords than these say no more. */
const keywordsMax = 64
const keywordCharsMax = 2_000

const weights = { directory: 2, name: 4, exported: 2.5, symbol: 2, import: 0.5 }
/** BM25's two constants, as they are usually chosen. */
const saturation = 1.2
const lengthShare = 0.5
/** A word that only begins like the keyword (`auth`, `authorize`) counts this much. */
const prefixShare = 0.2
const prefixCharsMin = 4
/** A test is about the same words as what it tests, which is the one to read first. */
const testShare = 0.4

export function slice(map: RepositoryMap, keywords: readonly string[], filesMax: number = sliceFilesDefault): SliceEntry[] {
  const asked = termsOf(keywords)
  if (asked.length === 0) return []
  const index = indexOf(map.files)
  const scores = new Map<number, number>()
  for (const term of asked) addScores(index, term, scores)
  const wantsTests = asked.includes("test") || asked.includes("spec")
  const entries = [...scores].flatMap(([at, score]) => entry(map.files[at], score, wantsTests))
  const best = entries.reduce((most, { score }) => Math.max(most, score), 0)
  const places = placesIn(keywords.slice(0, keywordsMax).map((keyword) => keyword.slice(0, keywordCharsMax)))
  return entries
    .map(({ file, score }) => ({ file, score: score + best * nearness(places, file.path) }))
    .toSorted((a, b) => b.score - a.score || (a.file.path < b.file.path ? -1 : 1))
    .slice(0, Math.max(0, filesMax))
}

/** The words that are looked for: each once, in alphabetical order. */
export function termsOf(keywords: readonly string[]): string[] {
  const words = keywords.slice(0, keywordsMax).flatMap((keyword) => wordsOf(keyword.slice(0, keywordCharsMax)))
  return [...new Set(words)].slice(0, keywordsMax).toSorted()
}

function entry(file: MappedFile | undefined, score: number, wantsTests: boolean): SliceEntry[] {
  if (file === undefined) return []
  const share = !wantsTests && roleOf(file.path, file.language) === "test" ? testShare : 1
  return [{ file, score: score * share }]
}

interface Index {
  /** Of each word: the files that have it, by their place in the map, and how much. */
  readonly postings: ReadonlyMap<string, ReadonlyMap<number, number>>
  readonly lengths: readonly number[]
  readonly lengthMean: number
}

function indexOf(files: readonly MappedFile[]): Index {
  const postings = new Map<string, Map<number, number>>()
  const lengths = files.map((file, at) => {
    let length = 0
    for (const [word, weight] of weighted(file)) {
      const posting = postings.get(word) ?? new Map<number, number>()
      posting.set(at, (posting.get(at) ?? 0) + weight)
      postings.set(word, posting)
      length += weight
    }
    return length
  })
  return { postings, lengths, lengthMean: lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length) }
}

function* weighted(file: MappedFile): Generator<readonly [word: string, weight: number]> {
  const nameAt = file.path.lastIndexOf("/") + 1
  for (const word of wordsOf(file.path.slice(0, nameAt))) yield [word, weights.directory]
  for (const word of wordsOf(file.path.slice(nameAt))) yield [word, weights.name]
  const exported = new Set(file.exports)
  for (const { name } of file.symbols) for (const word of wordsOf(name)) yield [word, exported.has(name) ? weights.exported : weights.symbol]
  for (const name of file.imports) for (const word of wordsOf(name)) yield [word, weights.import]
}

function addScores({ postings, lengths, lengthMean }: Index, term: string, scores: Map<number, number>): void {
  const frequencies = frequenciesOf(postings, term)
  const rarity = Math.log(1 + (lengths.length - frequencies.size + 0.5) / (frequencies.size + 0.5))
  for (const [at, frequency] of frequencies) {
    const length = 1 - lengthShare + (lengthShare * (lengths[at] ?? 0)) / lengthMean
    const score = (rarity * frequency * (saturation + 1)) / (frequency + saturation * length)
    scores.set(at, (scores.get(at) ?? 0) + score)
  }
}

function frequenciesOf(postings: Index["postings"], term: string): Map<number, number> {
  const frequencies = new Map(postings.get(term))
  for (const [word, posting] of postings) {
    if (word === term || !beginsAlike(word, term)) continue
    for (const [at, weight] of posting) frequencies.set(at, (frequencies.get(at) ?? 0) + weight * prefixShare)
  }
  return frequencies
}

const beginsAlike = (a: string, b: string): boolean => Math.min(a.length, b.length) >= prefixCharsMin && (a.startsWith(b) || b.startsWith(a))
