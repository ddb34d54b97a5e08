/** The block that ends a campaign (C.1.134): six bullets that `parseHandoff` reads as six items. */
import { flat } from "../session-file/line-text.ts"

export interface CampaignExit {
  readonly name: string
  /** Completed ones, those before it was continued among them. */
  readonly waves: number
  readonly agents: number
  readonly built: readonly string[]
  readonly discoveries: readonly string[]
  readonly mergeConflicts: {
    readonly count: number
    /** How each was resolved, or that it was skipped. */
    readonly resolutions: readonly string[]
  }
  readonly next: readonly string[]
  /** Something of this run is on the target. */
  readonly landed: boolean
  readonly colour: "green" | "amber" | "red"
  /** Each task was merged by itself: there were no waves. */
  readonly eachByItself: boolean
}

export function exitHandoff(exit: CampaignExit): string {
  const { count, resolutions } = exit.mergeConflicts
  const items = [
    `Fleet session: ${flat(exit.name, 200)} — ${counted(exit.waves, "wave")}, ${counted(exit.agents, "agent")} total`,
    `Built: ${listText(exit.built, "nothing")}`,
    `Discoveries: ${listText(exit.discoveries, "none")}`,
    `Merge conflicts: ${count}${resolutions.length === 0 ? "" : ` — ${listText(resolutions, "")}`}`,
    `Next: ${listText(exit.next, "nothing is left")}`,
    `Reversibility: ${exit.landed ? (exit.eachByItself && exit.colour === "amber" ? eachByItself : reversibility[exit.colour]) : "nothing landed, nothing to revert"}`,
  ]
  return ["---HANDOFF---", ...items.map((item) => `- ${item}`), "---"].join("\n")
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`

/** Amber is the contract's own sentence. */
const reversibility: Readonly<Record<CampaignExit["colour"], string>> = {
  green: "green -- single wave, revert its merge commits",
  amber: "amber -- multi-wave merges, revert each wave's merge commit",
  red: "red -- revert the merge commit; what it changed is shared by others",
}

/** Where there is no merge of a wave to revert. */
const eachByItself = "amber -- each task merged by itself, revert each task's merge commit"

/** An item of a handoff is read up to 2,000 characters. */
const itemCharsMax = 1_900

function listText(texts: readonly string[], nothing: string): string {
  const said = texts.slice(0, 500).map((text) => flat(text, itemCharsMax).replace(/[.;]+$/, ""))
  return flat(said.filter((text) => text !== "" && !placeholder.test(text)).join("; "), itemCharsMax) || nothing
}

/** What an agent left of a template: with too many of these a block counts as one that nobody filled in. */
const placeholder = /^(\{[^{}]*\}|<[^<>]*>|\[[^[\]]*\]|\.{3}|…),?$/
