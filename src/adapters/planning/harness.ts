/** `.claude/harness.json` of a project: reads it, and writes the few values that are Fleet's to write. Everything else in it stays as it is. */
import { readFile, stat } from "node:fs/promises"
import path from "node:path"
import { fault, FaultError, type Fault } from "../../domain/fault.ts"
import type { Consent } from "../../domain/gate/consent.ts"
import { emptyHarness, parseHarness, parseJson, type ConsentCategory, type Harness } from "../../protocol/planning/harness.ts"
import { isObject, setInJson, type JsonScalar } from "../../protocol/planning/json-edit.ts"
import { keepCopy, writeAtomically } from "./atomic-write.ts"
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
  if (!parsed.ok) return { ...emptyHarness, notice: unreadable(file, parsed.why, await keepCopy(file).catch(() => null)) }
  return { ...parsed.harness, notice: parsed.wrong.length === 0 ? null : misread(file, parsed.wrong) }
}

/** C.1.125 to C.1.127. Resolves to what had to be put aside for it, or null. Rejects with a `FaultError` when the file cannot be written. */
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

/** One more session in `trust`. Writers at the same time lose none of each other's counts. */
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
  await writeAtomically(markerFile(root, category), JSON.stringify({ category, timestamp: new Date(now).toISOString() }))
}

const harnessFile = (root: string): string => path.join(root, ".claude", "harness.json")
const markerFile = (root: string, category: ConsentCategory): string => path.join(root, ".claude", `consent-session-${category}.json`)

interface Change {
  readonly path: readonly [string, string]
  readonly value: JsonScalar
}

function edit(root: string, changes: (held: Harness) => readonly Change[]): Promise<Fault | null> {
  const file = harnessFile(root)
  return withFileLock(file, async () => {
    const text = await readText(file)
    if (text?.ok === false) throw new FaultError(text.fault)
    const parsed = text === null ? null : parseHarness(text.text)
    const wanted = changes(parsed?.ok === true ? parsed.harness : emptyHarness)
    const held = text !== null && parsed?.ok === true ? text.text : null
    // What a person wrote goes into a copy before anything takes its place. Without a copy nothing is written.
    const why = parsed?.ok === false ? parsed.why : held === null ? null : standsInTheWay(held, wanted)
    const notice = why === null ? null : unreadable(file, why, await keepCopy(file))
    const mark = held?.startsWith("\ufeff") === true ? "\ufeff" : ""
    const before = held === null ? "{\n}\n" : held.slice(mark.length)
    await writeAtomically(file, mark + wanted.reduce((now, { path: place, value }) => setInJson(now, place, value), before))
    return notice
  })
}

/** Something in the place of what is to be written that was not understood, so that writing would lose it. */
function standsInTheWay(text: string, changes: readonly Change[]): string | null {
  const parsed = parseHarness(text)
  const wrong = parsed.ok ? parsed.wrong : []
  return wrong.find((told) => changes.some(({ path: [group, name] }) => told.startsWith(`${group} `) || told.startsWith(`${group}.${name} `))) ?? null
}

const bytesMax = 4 << 20

type Text = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly fault: Fault }

/** Null: there is no such file. */
async function readText(file: string): Promise<Text | null> {
  try {
    const found = await stat(file)
    const { size } = found
    // A pipe would never end.
    if (!found.isFile()) return { ok: false, fault: unusable(file, "it is no file") }
    if (size > bytesMax) return { ok: false, fault: unusable(file, `it has ${size} bytes; the limit is ${bytesMax}`) }
    return { ok: true, text: await readFile(file, "utf8") }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === "ENOENT" || code === "ENOTDIR" ? null : { ok: false, fault: unusable(file, message) }
  }
}

const unusable = (file: string, why: string): Fault =>
  fault(
    "harness-unusable",
    `${file} cannot be read`,
    why,
    "see that it is a small file that you may read; until then the defaults are used and nothing is written to it",
  )

const unreadable = (file: string, why: string, copy: string | null): Fault =>
  fault(
    "harness-unreadable",
    `${file} could not be understood`,
    why,
    copy === null ? "mend it; it could not be copied, so nothing is written to it" : `mend it, or take what you need from its copy: ${copy}`,
  )

const misread = (file: string, wrong: readonly string[]): Fault =>
  fault("harness-field", `not all of ${file} was understood`, wrong.slice(0, 20).join("; "), "correct that; meanwhile the defaults stand in its place")
