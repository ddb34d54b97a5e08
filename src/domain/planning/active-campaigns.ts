/** What a planner is told of campaigns that go on in the same repository, so that its plan keeps out of them (C.1.12). */
import { flat } from "../session-file/line-text.ts"

export interface ActiveCampaign {
  /** Of its file, without the ending. */
  readonly name: string
  readonly title: string | null
  readonly direction: string | null
  /** As it is written there. */
  readonly scope: readonly string[]
  readonly branch: string | null
}

export interface UnreadCampaign {
  /** Of the file, with its ending. */
  readonly file: string
  /** A clause. */
  readonly why: string
}

const campaignsMax = 30
const scopesMax = 30
const unreadMax = 10
const directionCharsMax = 300
const wordsCharsMax = 120

/** Null: there is nothing to tell. */
export function activeCampaignsText(campaigns: readonly ActiveCampaign[], unread: readonly UnreadCampaign[]): string | null {
  if (campaigns.length === 0 && unread.length === 0) return null
  const left = campaigns.length - campaignsMax
  return [
    "=== ACTIVE CAMPAIGNS ===",
    ...(campaigns.length === 0 ? [] : ["Others are at work on these. Keep out of what they claim; what cannot, is better left for later."]),
    ...campaigns.slice(0, campaignsMax).flatMap(linesOf),
    ...(left > 0 ? [`and ${left} more under .planning/campaigns/`] : []),
    ...unread.slice(0, unreadMax).map(({ file, why }) => `- ${flat(file, wordsCharsMax)} could not be read: ${flat(why, directionCharsMax)}`),
    "=== END ACTIVE CAMPAIGNS ===",
  ].join("\n")
}

function linesOf({ name, title, direction, scope, branch }: ActiveCampaign): string[] {
  const called = title === null ? flat(name, wordsCharsMax) : `${flat(title, wordsCharsMax)} (${flat(name, wordsCharsMax)})`
  const scopes = scope.slice(0, scopesMax).map((text) => flat(text, wordsCharsMax))
  const more = scope.length > scopesMax ? ` and ${scope.length - scopesMax} more` : ""
  return [
    `- ${called}${direction === null ? "" : `: ${flat(direction, directionCharsMax)}`}`,
    `  claims ${scopes.length === 0 ? "nothing that it names" : `${scopes.join(", ")}${more}`}${branch === null ? "" : `; on branch ${flat(branch, wordsCharsMax)}`}`,
  ]
}
