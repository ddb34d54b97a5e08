/**
 * `.planning/campaigns/`: which campaigns go on in a project, for one that plans another, and the files of Fleet's own. A file that Fleet did not write is
 * never written over; what a person made of one of Fleet's is copied aside first. Files of finished campaigns (`completed/`) are not looked at.
 */
import { createHash } from "node:crypto"
import { constants, copyFile, readdir } from "node:fs/promises"
import path from "node:path"
import { fault, FaultError, type Fault } from "../../domain/fault.ts"
import type { ActiveCampaign, UnreadCampaign } from "../../domain/planning/active-campaigns.ts"
import { campaignsFolder } from "../../domain/planning/paths.ts"
import { readCampaignFile } from "../../protocol/planning/campaign-file.ts"
import { readPlain } from "../../runtime/plain-file.ts"
import { makeParents, writeInside } from "./atomic-write.ts"

const filesMax = 200
const bytesMax = 256 * 1024

export interface FoundCampaigns {
  /** By name. */
  readonly campaigns: readonly ActiveCampaign[]
  /** Files that nobody can read, and whether there are too many; they say nothing of what is active. */
  readonly unread: readonly UnreadCampaign[]
}

/** `except`: the slug of a campaign of Fleet's own, which is no news to itself. Never rejects; a project without the folder has none. */
export async function activeCampaigns(root: string, except: string | null = null): Promise<FoundCampaigns> {
  const directory = path.join(root, campaignsFolder)
  const names = (await readdir(directory).catch(() => [])).filter((name) => /^[^.].*\.md$/.test(name)).toSorted()
  const campaigns: ActiveCampaign[] = []
  const unread: UnreadCampaign[] = names.length > filesMax ? [{ file: campaignsFolder, why: `it has ${names.length} files, and ${filesMax} were read` }] : []
  for (const file of names.slice(0, filesMax)) {
    const found = await readPlain(path.join(directory, file), bytesMax)
    const reading = found === null ? null : found.ok ? readCampaignFile(found.text) : found
    if (reading === null) continue
    if (!reading.ok) unread.push({ file, why: reading.why })
    else if (reading.campaign.status === "active" && (except === null || reading.campaign.ours !== except)) {
      const { title, direction, scope, branch } = reading.campaign
      campaigns.push({ name: file.slice(0, -".md".length), title, direction, scope, branch })
    }
  }
  return { campaigns, unread }
}

export interface CampaignWrite {
  readonly slug: string
  /** Of the file, without its ending. */
  readonly name: string
  /** With front matter that says `by: fleet` and the slug. */
  readonly text: string
}

/** Writes the file when it changed. Resolves to what a person should know: it is not ours, or it had been edited; else null. Rejects with a `FaultError` (`leaves-project`). */
export async function writeCampaignFile(root: string, { slug, name, text }: CampaignWrite, nowMs: number): Promise<Fault | null> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,200}$/.test(name)) throw new FaultError(noName(name))
  const file = path.join(root, campaignsFolder, `${name}.md`)
  const wanted = stamped(text)
  await makeParents(root, file)
  const found = await readPlain(file, bytesMax)
  if (found !== null && !found.ok) return notOurs(file, found.why)
  if (found?.text === wanted) return null
  const reading = found === null ? null : readCampaignFile(found.text)
  if (reading !== null && !(reading.ok && reading.campaign.ours === slug)) return notOurs(file, reading.ok ? whoseFile(reading.campaign.ours) : reading.why)
  const copy = found === null || isAsWritten(found.text) ? null : await copyEdited(file, nowMs)
  await writeInside(root, file, wanted)
  return copy === null ? null : edited(file, copy)
}

const stampLine = /^written: ([0-9a-f]{16})\n/m

/** With a mark of its own text, by which an edit is told from what is only old; also in a clone that Fleet has never seen. */
const stamped = (text: string): string => text.replace(/^by: fleet\n/m, `by: fleet\nwritten: ${markOf(text)}\n`)

const isAsWritten = (text: string): boolean => stampLine.exec(text)?.[1] === markOf(text.replace(stampLine, ""))

const markOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16)

async function copyEdited(file: string, nowMs: number): Promise<string> {
  const copy = `${file}.edited-${new Date(nowMs).toISOString().replaceAll(/[:.]/g, "-")}`
  await copyFile(file, copy, constants.COPYFILE_EXCL)
  return copy
}

const whoseFile = (ours: string | null): string =>
  ours === null ? "Fleet did not write it" : `it belongs to the campaign ${JSON.stringify(ours.slice(0, 80))}`

const noName = (name: string): Fault =>
  fault("campaign-name", `${JSON.stringify(name.slice(0, 80))} is no name of a campaign file`, "it becomes the name of a file", "choose another slug")

const notOurs = (file: string, why: string): Fault =>
  fault("campaign-file-taken", `${file} is left as it is`, why, "move it away, and the campaign is written there at its next change")

const edited = (file: string, copy: string): Fault =>
  fault(
    "campaign-file-edited",
    `${file} was written anew, as the campaign is now`,
    "somebody had edited it, and edits there are not read",
    `what stood there is in ${copy}`,
  )
