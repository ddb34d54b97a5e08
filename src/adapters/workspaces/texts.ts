/** Reads what changed files held before and after, within limits that fit one answer. */
import type { FileDiff } from "../../protocol/worker.ts"
import type { Changed, Stored } from "./changes.ts"
import type { Git } from "./git.ts"

const filesMax = 2_000
const textBytesMax = 1 << 20
/** Of all texts together, as they are sent: with what JSON makes of them. */
const textsCharsMax = 8 << 20
const pathsCharsMax = 2 << 20

const submodule = "160000"
const absent = "000000"

export async function withTexts(git: Git, directory: string, all: readonly Changed[]): Promise<{ diffs: readonly FileDiff[]; cut: boolean }> {
  const files = fitting(all)
  const texts = await textsOf(
    git,
    directory,
    files.filter(isText).flatMap(({ before, after }) => [before, after]),
  )
  let left = textsCharsMax
  let cut = files.length < all.length
  const textOf = (stored: Stored): string | null => {
    const text = stored.mode === absent ? "" : stored.mode === submodule ? `Subproject commit ${stored.object}\n` : (texts.get(stored.object) ?? null)
    const chars = text === null ? 0 : sentChars(text)
    if (text === null || chars > left) {
      cut = true
      return null
    }
    left -= chars
    return text
  }
  const diffs = files.map((file) => ({
    ...file.change,
    before: isText(file) ? textOf(file.before) : null,
    after: isText(file) ? textOf(file.after) : null,
  }))
  return { diffs, cut }
}

/** What a text takes in a message. */
export const sentChars = (text: string): number => JSON.stringify(text).length

function fitting(all: readonly Changed[]): readonly Changed[] {
  let left = pathsCharsMax
  const over = all.findIndex(({ change }, index) => {
    left -= sentChars(change.path) + (change.from === null ? 0 : sentChars(change.from))
    return index >= filesMax || left < 0
  })
  return over === -1 ? all : all.slice(0, over)
}

/** Git counts no lines of binary files. */
const isText = ({ change }: Changed): boolean => change.additions !== null

/** By the object's id. Those that are too long, or too many, are left out. */
async function textsOf(git: Git, directory: string, stored: readonly Stored[]): Promise<Map<string, string>> {
  const ids = [...new Set(stored.filter(({ mode }) => mode !== absent && mode !== submodule).map(({ object }) => object))]
  if (ids.length === 0) return new Map()
  const lines = (some: readonly string[]): string => some.map((id) => `${id}\n`).join("")
  const facts = await git.read(directory, ["cat-file", "--batch-check=%(objectname) %(objectsize)"], { stdin: lines(ids) })
  let left = textsCharsMax
  const wanted = facts.split("\n").flatMap((line) => {
    const [object = "", size = "missing"] = line.split(" ")
    const bytes = Number(size)
    if (!(bytes <= Math.min(textBytesMax, left))) return []
    left -= bytes
    return [object]
  })
  return wanted.length === 0 ? new Map() : parseBatch(await git.bytes(directory, ["cat-file", "--batch=%(objectname) %(objectsize)"], { stdin: lines(wanted) }))
}

/** A line with the id and the size, the bytes, a newline; and so on. */
function parseBatch(bytes: Buffer): Map<string, string> {
  const texts = new Map<string, string>()
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0x0a, at)
    const [object = "", size = ""] = bytes.toString("latin1", at, end).split(" ")
    const length = Number(size)
    if (end === -1 || !Number.isInteger(length)) break
    texts.set(object, bytes.toString("utf8", end + 1, end + 1 + length))
    at = end + 1 + length + 1
  }
  return texts
}
