/**
 * Waves, for runs that ask for them: a few tasks are begun together, and the next few only when all of these are over. The barrier costs time (in the
 * benchmark twice what the same tasks take without, in waves of as many tasks as there are slots); what it gives is a point at which everyone knows what the others found.
 */
import type { Draft } from "../project/draft.ts"
import { runOf, taskOf, type State } from "../project/state.ts"
import { firstOverlap } from "../scope/overlap.ts"
import { scopesOf, type Task } from "../task/task.ts"
import type { Run } from "./run.ts"

/** Ends waves that are over and begins the next ones. `byUrgency`: tasks whose needs are met, the most urgent first. */
export function advanceWaves(draft: Draft, byUrgency: () => readonly Task[]): void {
  for (const id of draft.state.unfinished) {
    const run = runOf(draft.state, id)
    if (!goesInWaves(run) || run.status.name !== "running" || !isOver(draft.state, run)) continue
    if (run.wave?.open === true) draft.emit({ type: "wave.ended", run: id, number: run.wave.number })
    const tasks = compose(
      byUrgency().filter((task) => task.run === id),
      run,
      run.settings.waveSize ?? 0,
    )
    if (tasks.length > 0) draft.emit({ type: "wave.started", run: id, number: (run.wave?.number ?? 0) + 1, tasks: tasks.map((task) => task.id) })
  }
}

/** It may start now, as far as waves are concerned. */
export const isInWave = (run: Run, task: Task): boolean => !goesInWaves(run) || (run.wave?.open === true && run.wave.tasks.includes(task.id))

/** A run that an older Fleet submitted says nothing of waves. */
const goesInWaves = ({ settings }: Run): boolean => typeof settings.waveSize === "number"

function isOver(state: State, { wave }: Run): boolean {
  return (
    wave?.open !== true ||
    wave.tasks.every((id) => {
      const { name } = taskOf(state, id).state
      return name === "done" || name === "failed" || name === "cancelled"
    })
  )
}

/** The most urgent ones that do not overlap: who overlaps with one that is taken waits for a later wave. */
function compose(ready: readonly Task[], run: Run, size: number): readonly Task[] {
  const taken: Task[] = []
  for (const task of ready) {
    if (taken.length >= size) break
    if (taken.every((other) => firstOverlap(scopesOf(task), scopesOf(other), run) === null)) taken.push(task)
  }
  return taken
}
