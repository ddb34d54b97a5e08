/** Tasks of a run that were begun together. */
import type { RunId, TaskId } from "../ids.ts"
import type { Fault } from "../fault.ts"
import type { Run } from "./run.ts"

export interface Wave {
  readonly number: number
  /** In their order: the first is agent 1. */
  readonly tasks: readonly TaskId[]
  /** Not all of them are over. */
  readonly open: boolean
  /** Who was ready and had to wait for a later wave. */
  readonly moved: readonly Moved[]
  /** Those that could not be given a workspace: they are in a later wave. */
  readonly gaps: readonly TaskId[]
  /** Used by its tasks; null while it is open. */
  readonly tokens: number | null
}

export type Moved = { readonly task: TaskId } & MovedWhy

export type MovedWhy =
  | { readonly why: "overlap"; readonly with: TaskId; readonly ours: string; readonly theirs: string }
  /** Somebody outside of the run holds it. */
  | { readonly why: "claim"; readonly holder: string; readonly ours: string; readonly theirs: string }
  | { readonly why: "tokens"; readonly estimate: number; readonly tokensMax: number }

export type WaveEvent =
  | {
      readonly type: "wave.started"
      readonly run: RunId
      readonly number: number
      readonly tasks: readonly TaskId[]
      readonly moved?: readonly Moved[]
    }
  | { readonly type: "wave.gap"; readonly run: RunId; readonly number: number; readonly task: TaskId; readonly fault: Fault }
  | { readonly type: "wave.ended"; readonly run: RunId; readonly number: number; readonly tokens?: number }

/** Of a run in waves, the newest one. */
export const newestWave = ({ waves }: { readonly waves: readonly Wave[] }): Wave | null => waves.at(-1) ?? null

/** The wave in which a task was begun last, and its place in it from 1. */
export function placeInWaves({ waves }: { readonly waves: readonly Wave[] }, task: TaskId): { readonly wave: number; readonly index: number } | null {
  const wave = waves.findLast(({ tasks, gaps }) => tasks.includes(task) && !gaps.includes(task))
  return wave === undefined ? null : { wave: wave.number, index: wave.tasks.indexOf(task) + 1 }
}

/** As `placeInWaves` says it of each task that was ever begun in one: for whoever asks about all of them. */
export function placesInWaves({ waves }: { readonly waves: readonly Wave[] }): ReadonlyMap<TaskId, { readonly wave: number; readonly index: number }> {
  return new Map(
    waves.flatMap(({ number, tasks, gaps }) => tasks.flatMap((task, at) => (gaps.includes(task) ? [] : [[task, { wave: number, index: at + 1 }]]))),
  )
}

/** It may start now, as far as waves are concerned. */
export function isInWave(run: Run, task: { readonly id: TaskId }): boolean {
  if (!goesInWaves(run)) return true
  const wave = newestWave(run)
  return wave?.open === true && wave.tasks.includes(task.id) && !wave.gaps.includes(task.id)
}

/** A run that an older Fleet submitted says nothing of waves. The plan itself is made before the first. */
export const goesInWaves = ({ settings, campaign, criticism }: Run): boolean =>
  typeof settings.waveSize === "number" && (campaign === null || campaign.planner === null || criticism !== null)

/** What it may have at once: one less for each wave before that used more tokens than were estimated. */
export function waveRoom({ settings, waves }: Run): number {
  const { waveSize, waveTokens } = settings
  const over = waveTokens === null ? 0 : waves.filter(({ tokens }) => (tokens ?? 0) > waveTokens).length
  return Math.max(1, (waveSize ?? 1) - over)
}
