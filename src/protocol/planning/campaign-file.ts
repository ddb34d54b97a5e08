/** Reads the text of a file under `.planning/campaigns/`, which Citadel's tools, people and Fleet write: front matter, lines of fields, and what it claims. */
import { parseDocument } from "yaml"
import { z } from "zod"

export interface ReadCampaign {
  /** Fleet wrote it: the slug of its campaign. Null: somebody else did. */
  readonly ours: string | null
  /** In lower case; null where it says none. */
  readonly status: string | null
  readonly title: string | null
  readonly direction: string | null
  readonly scope: readonly string[]
  readonly branch: string | null
}

export type CampaignReading = { readonly ok: true; readonly campaign: ReadCampaign } | { readonly ok: false; readonly why: string }

/** Not ok: its front matter is no front matter, so that nobody knows what it says. */
export function readCampaignFile(text: string): CampaignReading {
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/)
  const end = lines[0]?.trim() === "---" ? lines.findIndex((line, at) => at > 0 && line.trim() === "---") : -1
  if (end < 0 && lines[0]?.trim() === "---") return { ok: false, why: "its front matter does not end" }
  const read = end < 0 ? { ok: true as const, front: emptyFront } : readFront(lines.slice(1, end).join("\n"))
  if (!read.ok) return read
  const { front } = read
  const body = lines.slice(end + 1)
  return {
    ok: true,
    campaign: {
      ours: front.by === "fleet" ? (front.campaign ?? "") : null,
      status: (front.status ?? fieldIn(body, "status"))?.trim().toLowerCase() ?? null,
      title: titleIn(body),
      direction: front.direction ?? fieldIn(body, "direction"),
      scope: bulletsUnder(body, "claimed scope"),
      branch: front.branch ?? fieldIn(body, "branch"),
    },
  }
}

const word = z.union([z.string(), z.number(), z.boolean()]).transform(String).optional().catch(undefined)
/** What is of another shape counts as not written. */
const frontSchema = z.object({ by: word, campaign: word, status: word, direction: word, branch: word })
type Front = z.infer<typeof frontSchema>
const emptyFront: Front = frontSchema.parse({})

function readFront(yaml: string): { readonly ok: true; readonly front: Front } | { readonly ok: false; readonly why: string } {
  try {
    const document = parseDocument(yaml, { prettyErrors: false })
    const [wrong] = document.errors
    if (wrong !== undefined) return { ok: false, why: `its front matter is not YAML: ${wrong.message}` }
    const parsed = frontSchema.safeParse(document.toJS({ maxAliasCount: 20 }) ?? {})
    return parsed.success ? { ok: true, front: parsed.data } : { ok: false, why: "its front matter has no keys" }
  } catch (error) {
    return { ok: false, why: `its front matter is not YAML: ${error instanceof Error ? error.message : String(error)}` }
  }
}

function titleIn(body: readonly string[]): string | null {
  const heading =
    body
      .find((line) => line.startsWith("# "))
      ?.slice(2)
      .trim() ?? ""
  return heading.replace(/^campaign:/i, "").trim() || null
}

/** `Status: active`, `**Status:** active`, `- Status: active`; only before the first section. */
function fieldIn(body: readonly string[], name: string): string | null {
  const first = body.findIndex((line) => /^##\s/.test(line))
  const pattern = new RegExp(`^\\s*(?:[-*]\\s+)?(?:\\*\\*)?${name}(?:\\*\\*)?\\s*:(?:\\*\\*)?\\s*(\\S.*)$`, "i")
  for (const line of body.slice(0, first < 0 ? body.length : first)) {
    const found = pattern.exec(line)?.[1]?.trim()
    if (found !== undefined) return found
  }
  return null
}

const scopesMax = 200

function bulletsUnder(body: readonly string[], title: string): string[] {
  const start = body.findIndex((line) => line.startsWith("## ") && line.slice(3).trim().toLowerCase() === title)
  if (start < 0) return []
  const rest = body.slice(start + 1)
  const end = rest.findIndex((line) => /^#{1,2}\s/.test(line))
  const bullets = rest.slice(0, end < 0 ? rest.length : end).map((line) => /^\s*[-*+]\s+(\S.*)$/.exec(line)?.[1]?.trim())
  return bullets.flatMap((text) => (text === undefined ? [] : [text.replace(/^`(.*)`$/, "$1")])).slice(0, scopesMax)
}
