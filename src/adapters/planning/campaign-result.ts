/** What the files of a project still say of a campaign that is over: its session or campaign file, and the discoveries that it left. */
import path from "node:path"
import type { CampaignResult } from "../../domain/momentum/related-work.ts"
import { readPlain } from "../../runtime/plain-file.ts"
import { readNewDiscoveries } from "./discoveries.ts"

const bytesMax = 2 * 1024 * 1024
const itemsMax = 10
const scopesMax = 50

/** Null when nothing is known of it. */
export async function campaignResultOf(root: string, slug: string): Promise<CampaignResult | null> {
  const file = await campaignText(root, slug)
  const names = new Set([slug, `fleet-${slug}`, `session-${slug}`])
  const scopes = new Set<string>()
  const items = new Set<string>()
  let records = 0
  await readNewDiscoveries(root, {}, (record) => {
    if (record.session === null || !names.has(record.session)) return
    records++
    for (const scope of record.scope) if (scopes.size < scopesMax) scopes.add(scope)
    for (const item of [...record.decisions, ...record.handoff_items]) if (items.size < itemsMax) items.add(item)
  })
  if (file === null && records === 0) return null
  const direction = file === null ? null : (/^direction:\s*"?(.+?)"?\s*$/im.exec(file)?.[1] ?? null)
  return { slug, direction, scopes: [...scopes], items: [...items] }
}

async function campaignText(root: string, slug: string): Promise<string | null> {
  // A slug is a name, not a path.
  if (!/^[\w.-]+$/.test(slug) || slug.startsWith(".")) return null
  const planning = path.join(root, ".planning")
  for (const place of [`fleet/session-${slug}.md`, `campaigns/${slug}.md`, `campaigns/completed/${slug}.md`]) {
    const found = await readPlain(path.join(planning, place), bytesMax)
    if (found?.ok === true) return found.text
  }
  return null
}
