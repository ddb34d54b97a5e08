/** What agents read of campaigns: the gate, the waves, what a person is asked for. Few fields, bounded lists. */
import { z } from "zod"
import type { CampaignView, WaveView } from "../../protocol/campaign-views.ts"
import type { RunView } from "../../protocol/views.ts"
import { fit, line } from "./bounds.ts"

const text = z.string()
const count = z.number().int()
const keys = z.array(text)

export const campaignShape = z.object({
  mode: z.enum(["standard", "quick", "speculative"]),
  planning: z.boolean().describe("an agent makes its plan now"),
  waits_for: z
    .enum(["start", "wave", "pick"])
    .nullable()
    .describe("what the person must say: whether it starts; whether it goes on after a wave in which all failed; which strategy lands"),
  colour: z.enum(["green", "amber", "red"]).nullable().describe("how hard it is to take back; null: its tasks are not known yet"),
  picked: text.nullable().describe("strategy that was picked"),
  session_file: text.nullable(),
  wave: z.object({ number: count, open: z.boolean(), tasks: keys }).nullable().describe("the newest; null: none has begun"),
})

export const waveShape = z.object({
  number: count,
  open: z.boolean(),
  tasks: keys,
  moved: z.array(text).describe("who had to wait for a later wave, and why"),
  gaps: z.array(text).describe("tasks that could not be given a workspace: they are in a later wave"),
  tokens: count.nullable(),
})

export const detailShape = z.object({
  direction: text,
  disclosure: text.nullable().describe("what was said before it began"),
  gate: text.nullable().describe("why it has its colour"),
  downgrade: text.nullable().describe("why it goes on with less than was asked for"),
  criticism: z.array(text).describe("what is still said against the plan that an agent made"),
  foreseen: z.array(keys).describe("the waves to come, as they are foreseen"),
  waves: z.array(waveShape).describe("the newest last"),
  waves_left_out: count.describe("older waves that did not fit"),
  handoff: text.nullable().describe("once it has ended: the HANDOFF block to end your own work with, as it stands"),
})

export type CampaignShape = z.input<typeof campaignShape>
export type DetailShape = z.input<typeof detailShape>
type WaveShape = z.input<typeof waveShape>

const namesMax = 20
/** In lists of runs. */
const briefMax = 6

export function shapeCampaign({ campaign, waves }: Pick<RunView, "campaign" | "waves">): CampaignShape | null {
  if (campaign === null) return null
  const { mode, planning, hold, gate, picked, sessionFile } = campaign
  const newest = waves.at(-1)
  return {
    mode,
    planning,
    waits_for: hold,
    colour: gate?.colour ?? null,
    picked,
    session_file: sessionFile,
    wave: newest === undefined ? null : { number: newest.number, open: newest.open, tasks: newest.tasks.slice(0, briefMax) },
  }
}

export function shapeDetail(campaign: CampaignView, waves: readonly WaveView[]): DetailShape {
  const { direction, gate, criticism, foreseen, handoff } = campaign
  const shown = fit(waves.map(shapeWave).toReversed(), 0, namesMax, 3_000).items.toReversed()
  return {
    direction: line(direction, 500),
    disclosure: gate?.disclosure ?? null,
    gate: gate === null ? null : line(gate.why, 300),
    downgrade: gate?.downgrade == null ? null : line(gate.downgrade, 300),
    criticism: criticism.slice(0, 8).map(({ what, why }) => line(`${what}: ${why}`, 200)),
    foreseen: fit(
      foreseen.map((wave) => wave.slice(0, namesMax)),
      0,
      namesMax,
      2_000,
    ).items,
    waves: shown,
    waves_left_out: waves.length - shown.length,
    handoff,
  }
}

function shapeWave({ number, open, tasks, moved, gaps, tokens }: WaveView): WaveShape {
  return {
    number,
    open,
    tasks: tasks.slice(0, namesMax),
    moved: moved.slice(0, 10).map((one) => line(one)),
    gaps: gaps.slice(0, namesMax),
    tokens,
  }
}

/** What is to be said of a campaign beside its run's own line; empty when there is nothing. */
export function campaignWords({ mode, planning, waits_for, colour, picked, wave }: CampaignShape): string[] {
  return [
    `${mode} campaign${colour === null ? "" : ` (${colour})`}`,
    ...(planning ? ["an agent makes its plan"] : []),
    ...(wave === null ? [] : [`wave ${wave.number} ${wave.open ? "is at work" : "is over"}: ${wave.tasks.join(", ")}`]),
    ...(picked === null ? [] : [`picked: ${picked}`]),
    ...(waits_for === null ? [] : [asked[waits_for]]),
  ]
}

const asked: Readonly<Record<NonNullable<CampaignShape["waits_for"]>, string>> = {
  start: "the person is asked whether it starts",
  wave: "all of a wave failed, and the person is asked whether it goes on",
  pick: "the person is asked which strategy lands",
}

export function detailLines({ disclosure, gate, downgrade, criticism, foreseen, waves, handoff }: DetailShape): string[] {
  return [
    ...(disclosure === null ? [] : [disclosure]),
    ...(gate === null ? [] : [`gate: ${gate}`]),
    ...(downgrade === null ? [] : [`instead of what was asked for: ${downgrade}`]),
    ...criticism.map((one) => `against the plan: ${one}`),
    ...waves.map(waveLine),
    ...(foreseen.length === 0 ? [] : [`to come: ${foreseen.map((wave) => wave.join(", ")).join(" | ")}`]),
    ...(handoff === null ? [] : [handoff]),
  ]
}

function waveLine({ number, open, tasks, moved, gaps, tokens }: WaveShape): string {
  const used = tokens === null ? "" : ` (${tokens} tokens)`
  const more = [...moved, ...(gaps.length === 0 ? [] : [`no workspace for ${gaps.join(", ")}, so they are in a later wave`])]
  return `wave ${number}${open ? " at work" : ""}: ${tasks.join(", ")}${used}${more.length === 0 ? "" : `; ${more.join("; ")}`}`
}
