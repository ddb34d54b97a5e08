/** How complex code is, by its syntax tree; to compare one implementation with another of the same thing. */
import { isParsed, languageOf } from "../../domain/map/language.ts"
import { entriesOf, type Git } from "./git.ts"
import { decisionsIn } from "./syntax.ts"

export interface ComplexityChange {
  readonly before: number
  readonly after: number
}

const filesMax = 2_000
const fileBytesMax = 512 * 1024

/**
 * One more than the number of decision points: `if`, loops, cases other than the default, `catch`, ternaries, and `&&`, `||`, `??`
 * (and what assigns by them). Of a whole text, so that cutting a function in two changes nothing. Null where the language is not
 * parsed, or the text could not be.
 */
export async function complexityOf(text: string, language: string): Promise<number | null> {
  const decisions = isParsed(language) ? await decisionsIn(text, language) : null
  return decisions === null ? null : decisions + 1
}

/**
 * The sum over the files that differ between two commits (of `files`, or all), before and after; a file that is not there counts 0. Files of
 * other languages are left out. Null when there is none that counts, or one of them could not be read, or there are too many: a part would
 * compare two things that are not the same. Rejects with a `FaultError` when a commit is not there.
 */
export async function complexityChange(git: Git, directory: string, base: string, head: string, files?: readonly string[]): Promise<ComplexityChange | null> {
  const changed = (await changedBlobs(git, directory, base, head)).filter(
    ({ path }) => isParsed(languageOf(path)) && (files === undefined || files.includes(path)),
  )
  if (changed.length === 0 || changed.length > filesMax) return null
  const texts = await textsOf(
    git,
    directory,
    changed.flatMap(({ before, after }) => [before, after]),
  )
  const change = { before: 0, after: 0 }
  for (const { path, before, after } of changed) {
    const [was, is] = [await complexityOfBlob(texts, before, path), await complexityOfBlob(texts, after, path)]
    if (was === null || is === null) return null
    change.before += was
    change.after += is
  }
  return change
}

interface ChangedBlob {
  readonly path: string
  /** Null where the file is not there. */
  readonly before: string | null
  readonly after: string | null
}

async function changedBlobs(git: Git, directory: string, base: string, head: string): Promise<ChangedBlob[]> {
  const commits = [`${base}^{commit}`, `${head}^{commit}`]
  const printed = entriesOf(await git.read(directory, ["diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", "--end-of-options", ...commits, "--"]))
  const changes: ChangedBlob[] = []
  for (let at = 0; at + 1 < printed.length; at += 2) {
    const [was = "", is = "", before = "", after = ""] = (printed[at] ?? "").slice(1).split(" ")
    changes.push({ path: printed[at + 1] ?? "", before: isFile(was) ? before : null, after: isFile(is) ? after : null })
  }
  return changes.filter(({ before, after }) => before !== null || after !== null)
}

/** Neither a link nor a submodule. */
const isFile = (mode: string): boolean => mode.startsWith("100")

async function complexityOfBlob(texts: ReadonlyMap<string, string | null>, blob: string | null, path: string): Promise<number | null> {
  if (blob === null) return 0
  const text = texts.get(blob) ?? null
  return text === null ? null : complexityOf(text, languageOf(path))
}

/** By blob, all by one git; null for what is too large or not there. */
async function textsOf(git: Git, directory: string, blobs: readonly (string | null)[]): Promise<Map<string, string | null>> {
  const asked = [...new Set(blobs.filter((blob) => blob !== null))]
  const sizes = (await git.read(directory, ["cat-file", "--batch-check=%(objectname) %(objectsize)"], lines(asked))).toString("utf8").split("\n")
  const small = asked.filter((blob, at) => Number((sizes[at] ?? "").split(" ")[1]) <= fileBytesMax)
  const printed = await git.read(directory, ["cat-file", "--batch"], lines(small))
  const texts = new Map<string, string | null>(asked.map((blob) => [blob, null]))
  // Each is a line `<name> blob <size>`, the bytes, and a newline.
  for (let at = 0; at < printed.length;) {
    const end = printed.indexOf("\n", at)
    const [blob = "", , size] = printed.toString("utf8", at, end).split(" ")
    const bytes = Number(size)
    if (end < 0 || !Number.isSafeInteger(bytes)) break
    texts.set(blob, printed.toString("utf8", end + 1, end + 1 + bytes))
    at = end + 1 + bytes + 1
  }
  return texts
}

const lines = (all: readonly string[]): string => all.map((one) => `${one}\n`).join("")
