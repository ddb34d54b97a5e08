/** What a campaign takes along from the session file that it goes on from. */
import { createHash } from "node:crypto"
import type { SessionFile } from "../../domain/session-file/session-file.ts"
import type { Campaign, Continued } from "../../domain/run/campaign.ts"

export const continuedFrom = (text: string, { name, started, waves }: SessionFile): Continued => ({
  text: hashOf(text),
  name,
  started,
  agents: waves.reduce((sum, wave) => sum + wave.agents.length, 0),
})

/** This very text is what it goes on from. */
export const goesOnFrom = ({ continued }: Campaign, text: string): boolean => continued?.text === hashOf(text)

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex")
