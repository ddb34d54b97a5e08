/** `.claude/harness.json` of a project: reads it, and writes the few values that are Fleet's to write. Everything else in it stays as it is. */
import path from "node:path"
import { fault, FaultError, type Fault } from "../../domain/fault.ts"
import type { Consent } from "../../domain/gate/consent.ts"
import { emptyHarness, parseHarness, parseJson, type ConsentCategory, type Harness } from "../../protocol/planning/harness.ts"
import { isObject, setInJson, type JsonScalar } from "../../protocol/planning/json-edit.ts"
import { readPlain } from "../../runtime/plain-file.ts"
import { keepCopy, makeParents, writeInside } from "./atomic-write.ts"
import { withFileLock } from "./file-lock.ts"

export interface HarnessFile extends Harness {
  /** What was wrong with the file, and where its copy is; null when all of it was understood, or when there is none. */
  readonly notice: Fault | null
}

/** Never rejects for what stands in the file: what cannot be understood is copied aside, said, and the defaults are used (C.1.76, C.1.133). */
export async function readHarness(root: string): Promise<HarnessFile> {
  const file = harnessFile(root)
  const text = await readText(file)
  if (text === null) return { ...emptyHarness, notice: null }
  if (!text.ok) return { ...emptyHarness, notice: text.fault }
  const parsed = parseHarness(text.text)
  if (!parsed.ok) return { ...emptyHarness, notice: unreadable(file, parsed.why, await keepCopy(root, file).catch(() => null)) }
  return { ...parsed.harness, notice: parsed.wrong.length === 0 ? null : misread(file, parsed.wrong) }
}

/** C.1.125 to C.1.127. Null: it is kept. Otherwise why it is not: nothing is written in the place of what could not be understood. */
export function writeConsent(root: string, category: ConsentCategory, value: Consent): Promise<Fault | null> {
  return edit(root, () => [{ path: ["consent", category], value }])
}

export interface CountedSession {
  /** It was, or ended, a campaign. */
  readonly campaign: boolean
  /** All of the campaign's branches merged without a conflict. */
  readonly cleanMerge: boolean
  readonly reverted?: boolean
}

/** One more session in `trust`; null, or why it was not counted, as for `writeConsent`. Writers at the same time lose none of each other's counts. */
export function countSession(root: string, { campaign, cleanMerge, reverted = false }: CountedSession): Promise<Fault | null> {
  return edit(root, ({ trust }) => [
    { path: ["trust", "sessions_completed"], value: trust.sessions + 1 },
    ...(campaign ? [{ path: ["trust", "campaigns_completed"], value: trust.campaigns + 1 } as const] : []),
    ...(campaign && cleanMerge ? [{ path: ["trust", "fleet_clean_merges"], value: trust.cleanMerges + 1 } as const] : []),
    ...(reverted ? [{ path: ["trust", "campaigns_reverted"], value: trust.reverted + 1 } as const] : []),
  ])
}

/** When a session's allowance was given, epoch milliseconds; null: never, or by a file that says no time (C.2). */
export async function readSessionAllow(root: string, category: ConsentCategory): Promise<number | null> {
  const text = await readText(markerFile(root, category))
  const parsed = text?.ok === true ? parseJson(text.text) : null
  const timestamp = parsed?.ok === true && isObject(parsed.value) ? parsed.value["timestamp"] : null
  const at = typeof timestamp === "string" ? Date.parse(timestamp) : Number.NaN
  return Number.isFinite(at) ? at : null
}

/** The allowance of one session, as Citadel marks it. `now` in epoch milliseconds. */
export async function allowSession(root: string, category: ConsentCategory, now: number): Promise<void> {
  await writeInside(root, markerFile(root, category), JSON.stringify({ category, timestamp: new Date(now).toISOString() }))
}

const harnessFile = (root: string): string => path.join(root, ".claude", "harness.json")
const markerFile = (root: string, category: ConsentCategory): string => path.join(root, ".claude", `consent-session-${category}.json`)

interface Change {
  readonly path: readonly [string, string]
  readonly value: JsonScalar
}

async function edit(root: string, changes: (held: Harness) => readonly Change[]): Promise<Fault | null> {
  const file = harnessFile(root)
  try {
    await makeParents(root, file)
    return await withFileLock(file, () => editHeld(root, file, changes))
  } catch (error) {
    if (error instanceof FaultError) return error.fault
    if (error instanceof Error && "syscall" in error) return unwritable(file, error.message)
    throw error
  }
}

async function editHeld(root: string, file: string, changes: (held: Harness) => readonly Change[]): Promise<Fault | null> {
  const text = (await readText(file)) ?? { ok: true, text: "{\n}\n" }
  if (!text.ok) return text.fault
  const parsed = parseHarness(text.text)
  if (!parsed.ok) return unreadable(file, parsed.why, await keepCopy(root, file).catch(() => null))
  const wanted = changes(parsed.harness)
  const inTheWay = standsInTheWay(parsed.wrong, wanted)
  if (inTheWay !== null) return misread(file, [inTheWay])
  const mark = text.text.startsWith("\ufeff") ? "\ufeff" : ""
  await writeInside(root, file, mark + wanted.reduce((now, { path: place, value }) => setInJson(now, place, value), text.text.slice(mark.length)))
  return null
}

/** Something in the place of what is to be written that was not understood, so that writing would lose it. */
const standsInTheWay = (wrong: readonly string[], changes: readonly Change[]): string | null =>
  wrong.find((told) => changes.some(({ path: [group, name] }) => told.startsWith(`${group} `) || told.startsWith(`${group}.${name} `))) ?? null

const bytesMax = 4 << 20

type Text = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly fault: Fault }

/** Null: there is no such file. A person may have made it a symlink. */
async function readText(file: string): Promise<Text | null> {
  const found = await readPlain(file, bytesMax, "followed")
  return found?.ok === false ? { ok: false, fault: unusable(file, found.why) } : found
}

const unusable = (file: string, why: string): Fault =>
  fault(
    "harness-unusable",
    `${file} cannot be read`,
    why,
    "see that it is a small file that you may read; until then the defaults are used and nothing is written to it",
  )

const unwritable = (file: string, why: string): Fault =>
  fault("harness-unwritable", `${file} cannot be written`, why, "see that you may write it and its directory")

const unreadable = (file: string, why: string, copy: string | null): Fault =>
  fault(
    "harness-unreadable",
    `${file} could not be understood`,
    why,
    `mend it; until then nothing is written to it${copy === null ? ", and it could not be copied" : `. Its copy: ${copy}`}`,
  )

const misread = (file: string, wrong: readonly string[]): Fault =>
  fault("harness-field", `not all of ${file} was understood`, wrong.slice(0, 20).join("; "), "correct that; meanwhile the defaults stand in its place")
