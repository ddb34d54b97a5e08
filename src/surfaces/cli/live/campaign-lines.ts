/** How far a run in waves is, in a few lines: for the live view, and for the displays that print lines. */
import type { GateView, WaveView } from "../../../protocol/campaign-views.ts"
import type { RunView } from "../../../protocol/views.ts"
import type { Paint, Signs, Tone } from "../style.ts"
import { counted, cut, oneLine } from "../text.ts"

export interface CampaignLineOptions {
  readonly columns: number
  readonly signs: Signs
  readonly paint: Paint
}

const movedShownMax = 2

/** Nothing for a run that has neither waves nor a direction. */
export function campaignLines(run: RunView, { columns, signs, paint }: CampaignLineOptions): string[] {
  const [text, tone] = phaseOf(run)
  if (text === "") return []
  const wave = run.waves.at(-1)
  const gate = run.campaign?.gate ?? null
  const colour = gate === null || run.campaign?.hold !== null ? "" : ` ${signs.dot} ${gate.colour}`
  const moved = wave?.open === true ? wave.moved.slice(0, movedShownMax) : []
  return [
    paint(tone, cut(oneLine(`${text}${colour}`), columns, signs.ellipsis)),
    ...moved.map((why) => paint("dim", cut(`  ${oneLine(why)}`, columns, signs.ellipsis))),
  ]
}

/** What a campaign does now, or what its newest wave is. */
function phaseOf(run: RunView): readonly [text: string, tone: Tone] {
  const { campaign, waves } = run
  const wave = waves.at(-1)
  if (run.status !== "running") return ["", "dim"]
  if (campaign?.planning === true) return [campaign.mode === "speculative" ? "an agent looks for the strategies" : "an agent makes the plan", "cyan"]
  switch (campaign?.hold) {
    case "start":
      return ["the plan is there: it waits for your answer", "yellow"]
    case "wave":
      return [`nobody succeeded in wave ${wave?.number ?? 1}: it waits for your answer`, "yellow"]
    case "pick":
      return ["the strategies are there: it waits for your choice", "yellow"]
    case undefined:
    case null:
  }
  if (wave !== undefined) return [waveText(run, wave), "cyan"]
  // Rivals know no waves; whoever made them out is none of them.
  if (campaign?.mode === "speculative" && campaign.foreseen.length > 0) return [`all at once: ${campaign.foreseen.flat().join(", ")}`, "cyan"]
  return [campaign?.gate?.disclosure ?? "", "dim"]
}

/** `wave 2 of about 3: api, ui` */
export function waveText(run: Pick<RunView, "campaign">, wave: WaveView): string {
  const about = wavesAbout(run, wave)
  return `wave ${wave.number}${about === null ? "" : ` of about ${about}`}: ${wave.tasks.join(", ")}`
}

/** What is left may take more waves than it seems now: a task that fails comes again. Null where nobody foresaw any. */
function wavesAbout({ campaign }: Pick<RunView, "campaign">, { number, open }: WaveView): number | null {
  if (campaign === null) return null
  return Math.max(number, number + campaign.foreseen.length - (open ? 1 : 0))
}

/** What came of a wave that is over. */
export function waveEndText({ number, tasks, gaps, tokens }: WaveView): string {
  const used = tokens === null || tokens === 0 ? "" : `, ${Math.round(tokens / 1_000)}K tokens`
  const left = gaps.length === 0 ? "" : `; no workspace for ${gaps.join(", ")}`
  return `wave ${number} is over: ${counted(tasks.length, "task")}${used}${left}`
}

export const gateText = ({ disclosure, colour, why, downgrade }: GateView): string =>
  `${disclosure} ${colour}: ${why}.${downgrade === null ? "" : ` Instead: ${downgrade}.`}`
