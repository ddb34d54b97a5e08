/** The briefs of a wave, for those that begin after it: `.planning/fleet/briefs/` (C.1.36), and what the compression saved (C.3). */
import { readdir } from "node:fs/promises"
import path from "node:path"
import { briefOf, type AgentOutput } from "../../domain/discovery/brief.ts"
import { appendLine } from "./append-line.ts"
import { writeInside } from "./atomic-write.ts"
import { readRecord } from "./record-file.ts"

export interface BriefPlace {
  readonly session: string
  readonly wave: number
  readonly agent: string
}

const briefsDirectory = (root: string): string => path.join(root, ".planning", "fleet", "briefs")

export const briefFileOf = (root: string, { session, wave, agent }: BriefPlace): string =>
  path.join(briefsDirectory(root), `${word(session)}-w${wave}-${word(agent)}.md`)

/** Resolves to the file. The brief of the same agent in the same wave is replaced. */
export async function writeBrief(root: string, of: BriefPlace, brief: string): Promise<string> {
  const file = briefFileOf(root, of)
  await writeInside(root, file, `${brief}\n`)
  return file
}

/** Compresses an output, and notes what that saved. */
export async function compressOutput(root: string, output: AgentOutput, nowMs: number): Promise<string> {
  const brief = briefOf(output)
  const [inputChars, outputChars] = [output.text.length, brief.length]
  const ratio = inputChars === 0 ? 1 : Number((outputChars / inputChars).toFixed(3))
  const stat = { timestamp: new Date(nowMs).toISOString(), agent: output.agent ?? "unknown", inputChars, outputChars, ratio }
  await appendLine(root, path.join(root, ".planning", "telemetry", "compression-stats.jsonl"), JSON.stringify(stat))
  return brief
}

const briefsMax = 100
const briefBytesMax = 1024 * 1024

/** Those of the session's waves before `wave`, in the order of the waves. Rejects with a `FaultError` (`record-unreadable`) for one that is no plain file. */
export async function readBriefs(root: string, session: string, wave: number): Promise<readonly string[]> {
  const start = `${word(session)}-w`
  const names = await readdir(briefsDirectory(root)).catch(() => [])
  const earlier = names.flatMap((name) => {
    const found = name.startsWith(start) ? /^(\d+)-(.+)\.md$/.exec(name.slice(start.length)) : null
    return found !== null && Number(found[1]) < wave ? [{ name, wave: Number(found[1]) }] : []
  })
  const inOrder = earlier.toSorted((a, b) => a.wave - b.wave || (a.name < b.name ? -1 : 1)).slice(-briefsMax)
  const texts = await Promise.all(inOrder.map(({ name }) => readRecord(path.join(briefsDirectory(root), name), briefBytesMax)))
  return texts.flatMap((text) => text?.trim() ?? [])
}

const wordCharsMax = 80
/** As part of a file's name, whatever it is. */
const word = (text: string): string =>
  text
    .replaceAll(/[^\w.-]+/g, "-")
    .replaceAll(/^[-.]+|[-.]+$/g, "")
    .slice(0, wordCharsMax) || "unnamed"
