/**
 * Propagates what a campaign found to `.planning/knowledge/` (C.1.47): an entry in every file that is about the same things; when none is, in a
 * file of the campaign's own, so that nothing stays where nobody looks. What cannot be written is given back, for `## Pending Propagation`.
 */
import { readdir } from "node:fs/promises"
import path from "node:path"
import { hasEntryOf, isRelated, newKnowledge, withEntry, type CampaignResult } from "../../domain/momentum/related-work.ts"
import { readPlain } from "../../runtime/plain-file.ts"
import { writeInside } from "./atomic-write.ts"

export interface Propagation {
  /** Files that have the entry now and had not before. */
  readonly written: readonly string[]
  /** Files that had it already. */
  readonly already: readonly string[]
  readonly pending: readonly Pending[]
}
export interface Pending {
  readonly slug: string
  /** Null: nothing could be written at all. */
  readonly file: string | null
  readonly why: string
}

const filesMax = 500
const fileBytesMax = 1024 * 1024

/** Safe to do again: a file has one entry of a campaign. Never rejects over a file that cannot be read or written. */
export async function propagateKnowledge(root: string, of: CampaignResult, nowMs: number): Promise<Propagation> {
  const directory = path.join(root, ".planning", "knowledge")
  const day = new Date(nowMs).toISOString().slice(0, 10)
  const found: { written: string[]; already: string[]; pending: Pending[] } = { written: [], already: [], pending: [] }
  const own = path.join(directory, `${fileWord(of.slug)}.md`)
  const put = async (file: string, text: string): Promise<void> => {
    try {
      await writeInside(root, file, text)
      found.written.push(file)
    } catch (error) {
      found.pending.push({ slug: of.slug, file, why: error instanceof Error ? error.message : String(error) })
    }
  }
  for (const { file, text } of await knowledgeIn(directory)) {
    if (hasEntryOf(text, of.slug)) found.already.push(file)
    else if (file === own || isRelated({ name: path.basename(file), text }, of)) await put(file, withEntry(text, day, of))
  }
  if (found.written.length + found.already.length + found.pending.length > 0) return found
  const there = await readPlain(own, fileBytesMax)
  if (there?.ok === false) found.pending.push({ slug: of.slug, file: own, why: there.why })
  else await put(own, there === null ? newKnowledge(day, of) : withEntry(there.text, day, of))
  return found
}

interface Knowledge {
  readonly file: string
  readonly text: string
}

/** Files only: what a symlink leads to is somebody else's. */
async function knowledgeIn(directory: string): Promise<readonly Knowledge[]> {
  const names = await readdir(directory).catch(() => [])
  const files = names.filter((name) => name.endsWith(".md") && !name.startsWith(".")).toSorted()
  const found: Knowledge[] = []
  for (const name of files.slice(0, filesMax)) {
    const file = path.join(directory, name)
    const read = await readPlain(file, fileBytesMax)
    if (read?.ok === true) found.push({ file, text: read.text })
  }
  return found
}

const wordCharsMax = 80
const fileWord = (slug: string): string =>
  slug
    .replaceAll(/[^\w.-]+/g, "-")
    .replaceAll(/^[-.]+|[-.]+$/g, "")
    .slice(0, wordCharsMax) || "campaign"
