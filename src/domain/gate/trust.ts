/** How far a person has come with Fleet, from what was counted. Decides when they are asked; what is red they are always asked. */

export type TrustLevel = "novice" | "familiar" | "trusted"

export interface TrustCounts {
  readonly sessions: number
  readonly campaigns: number
  readonly reverted: number
  /** Campaigns whose branches all merged without a conflict. */
  readonly cleanMerges: number
  /** The person's own word, before any count. */
  readonly override: TrustLevel | null
}

export const noTrust: TrustCounts = { sessions: 0, campaigns: 0, reverted: 0, cleanMerges: 0, override: null }

/** From this many on (C.1.133); trusted needs campaigns as well, because sessions alone say nothing of agents side by side (C.2). */
export const trustNeeds = { familiarSessions: 5, trustedSessions: 20, trustedCampaigns: 2 }

export function trustLevel({ sessions, campaigns, override }: TrustCounts): TrustLevel {
  if (override !== null) return override
  if (sessions >= trustNeeds.trustedSessions && campaigns >= trustNeeds.trustedCampaigns) return "trusted"
  return sessions >= trustNeeds.familiarSessions ? "familiar" : "novice"
}

/** Why it is that level, in a clause for people. */
export function trustReason(counts: TrustCounts): string {
  const level = trustLevel(counts)
  if (counts.override !== null) return `you are ${level}, because harness.json says so`
  return `you are ${level}, after ${number(counts.sessions, "session")} and ${number(counts.campaigns, "campaign")}`
}

const number = (count: number, of: string): string => `${count} ${of}${count === 1 ? "" : "s"}`
