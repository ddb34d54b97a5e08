/**
 * Waves, for runs that ask for them: a few tasks are begun together; when all of them are over, what they proved lands in one merge, and the next few begin.
 * The barrier costs time (in the benchmark twice what the same tasks take without, in waves of as many tasks as there are slots); what it gives is a point
 * at which everyone knows what the others found, and one commit to take back.
 */
import { taskId, type TaskId } from "../ids.ts"
import { openApproval } from "../approval/open.ts"
import { sayFailure } from "../attempt/failure.ts"
import { fits, tokensOfAll } from "../gate/tokens.ts"
import { queueLanding } from "../landing/decide.ts"
import type { Draft } from "../project/draft.ts"
import { runOf, taskOf, type State } from "../project/state.ts"
import { firstOverlap } from "../scope/overlap.ts"
import { retryTask } from "../task/decide.ts"
import { isOver, isSkipped, scopesOf, type Task } from "../task/task.ts"
import { heldScope, outsideClaim } from "../task/waits.ts"
import { holdRun } from "./hold.ts"
import type { Run } from "./run.ts"
import { goesInWaves, newestWave, waveRoom, type Moved, type Wave } from "./wave.ts"

/** Merges waves whose tasks are all proved or over, ends those that are over and begins the next ones. `byUrgency`: tasks whose needs are met, the most urgent first. */
export function advanceWaves(draft: Draft, byUrgency: () => readonly Task[]): void {
  for (const id of draft.state.unfinished) {
    const run = runOf(draft.state, id)
    if (!goesInWaves(run) || run.status.name !== "running" || run.hold !== null) continue
    const wave = newestWave(run)
    if (wave?.open === true && !endWave(draft, run, wave)) continue
    if (!askBefore(draft, run)) begin(draft, runOf(draft.state, id), byUrgency)
  }
}

/** True: it has ended, and the next one may begin. */
function endWave(draft: Draft, run: Run, wave: Wave): boolean {
  const tasks = membersOf(draft.state, wave)
  if (tasks.some((task) => !isOver(task) && task.state.name !== "proved" && !isStuck(draft.state, task))) return false
  const proved = tasks.filter(({ state }) => state.name === "proved")
  if (proved.length > 0) {
    merge(draft, run, wave, proved)
    return false
  }
  const tokens = tasks.reduce((sum, { usage }) => sum + usage.inputTokens + usage.outputTokens, 0)
  draft.emit({ type: "wave.ended", run: run.id, number: wave.number, tokens })
  return !askAfterFailure(draft, run, wave, tasks)
}

/**
 * It cannot begin before something else has landed, and that may be what waits in this wave for it: somebody changed what it needs, or another's scope
 * was widened. The wave does not wait for it; it begins when it can, in this wave or in a later one.
 */
function isStuck(state: State, task: Task): boolean {
  if (task.state.name !== "pending") return false
  if (task.needsLeft > 0) return true
  const held = heldScope(state, task)
  if (held?.for !== "scope") return false
  const holder = taskOf(state, held.holder).state.name
  return holder === "proved" || holder === "pending"
}

/** All of it in one merge, so that one commit takes it back. */
function merge(draft: Draft, run: Run, wave: Wave, proved: readonly Task[]): void {
  const [first] = proved
  if (first === undefined) return
  const landing = queueLanding(
    draft,
    proved.map((task) => task.id),
    wave.number,
  )
  if (!run.settings.confirmMerges) return
  draft.emit({ type: "landing.asked", landing, task: first.id })
  const files = new Set(proved.flatMap(({ state }) => (state.name === "proved" ? state.proof.collected.files.map((file) => file.path) : [])))
  const list = proved.map((task) => `${task.key}: ${task.plan.title}`)
  const count = `${proved.length} ${proved.length === 1 ? "task" : "tasks"}, ${files.size} ${files.size === 1 ? "file" : "files"}`
  openApproval(draft, first.id, { kind: "landing" }, `merge wave ${wave.number} (${count}) onto ${run.target}?`, list.join("\n"))
}

/** Going on blindly after a wave in which nobody succeeded would burn the rest of the budget. True: a person is asked. */
function askAfterFailure(draft: Draft, run: Run, wave: Wave, tasks: readonly Task[]): boolean {
  if (!someFailed(tasks)) return false
  const nobody = sayNobody(wave, tasks)
  const detail = `${tasks.map(sayFate).join("\n")}\n\nDeny to stop the run.`
  if (draft.state.ready.some((id) => taskOf(draft.state, id).run === run.id)) holdRun(draft, run.id, "wave", `${nobody}: go on with the next wave?`, detail)
  else if (waitsForFailed(draft.state, runOf(draft.state, run.id))) {
    const needed = blockersOf(draft.state, run).map(({ key }) => key)
    holdRun(draft, run.id, "wave", `${nobody}, and all that is left needs ${needed.join(", ")}: try ${needed.length === 1 ? "it" : "them"} again?`, detail)
  } else return false
  return true
}

/** Some failed and nobody succeeded. */
const someFailed = (tasks: readonly Task[]): boolean => tasks.some(({ state }) => state.name === "failed") && tasks.every(({ state }) => state.name !== "done")

function sayNobody({ number }: Wave, tasks: readonly Task[]): string {
  const counts = [...Map.groupBy(tasks, fateOf)].map(([fate, of]) => `${of.length} ${fate}`)
  return tasks.every(({ state }) => state.name === "failed") ? `all of wave ${number} failed` : `nobody of wave ${number} succeeded (${counts.join(", ")})`
}

const sayFate = (task: Task): string => `${task.key}: ${task.state.name === "failed" ? sayFailure(task.state.failure) : fateOf(task)}`

/** What became of a task of a wave that has ended, without success. Who is stuck may never have begun. */
const fateOf = (task: Task): string =>
  task.state.name === "failed" ? "failed" : task.state.name === "cancelled" ? (isSkipped(task) ? "left out" : "stopped") : "could not begin"

/**
 * Nothing can begin before somebody of the newest wave, in which some failed and nobody succeeded, has been tried again. What was to come anyway without
 * them, because it needs others that failed before, holds nothing up: it is over as it would be without waves.
 */
export function waitsForFailed(state: State, run: Run): boolean {
  const wave = newestWave(run)
  if (wave === null || wave.open || !someFailed(membersOf(state, wave))) return false
  return !state.ready.some((id) => taskOf(state, id).run === run.id) && blockersOf(state, run).some(({ id }) => wave.tasks.includes(id))
}

/** A person wants to go on: what is needed by all that is left is tried again. */
export function retryNeeded(draft: Draft, run: Run): void {
  for (const { id } of blockersOf(draft.state, run)) retryTask(draft, id)
}

/** What failed and is needed by what has not begun, each once, in the order of the run. */
function blockersOf(state: State, run: Run): Task[] {
  const left = run.tasks.map((id) => taskOf(state, id)).filter((task) => task.state.name === "pending")
  const needed = new Set(left.flatMap(({ plan }) => plan.after.map(({ key }) => taskId(run.id, key))))
  return run.tasks
    .filter((id) => needed.has(id))
    .map((id) => taskOf(state, id))
    .filter((task) => task.state.name === "failed")
}

/** True: a person wants to be asked before each wave, and is. */
function askBefore(draft: Draft, { id }: Run): boolean {
  const run = runOf(draft.state, id)
  const number = nextNumber(run)
  const some = draft.state.ready.some((task) => taskOf(draft.state, task).run === id)
  if (run.autoContinue || run.waves.length === 0 || run.waveAllowed === number || !some || run.hold !== null) return run.hold !== null
  holdRun(draft, id, "wave", `go on with wave ${number}?`, "The session file says that the campaign does not continue by itself. Deny to stop the run.")
  return true
}

const nextNumber = (run: Run): number => (newestWave(run)?.number ?? run.campaign?.wavesBefore ?? 0) + 1

function begin(draft: Draft, run: Run, byUrgency: () => readonly Task[]): void {
  const ready = byUrgency().filter((task) => task.run === run.id)
  const { tasks, moved } = compose(draft.state, run, ready)
  const number = nextNumber(run)
  if (tasks.length > 0) draft.emit({ type: "wave.started", run: run.id, number, tasks, moved })
}

/** The most urgent ones that do not overlap and fit: the others wait for a later wave, and it is said why. */
function compose(state: State, run: Run, ready: readonly Task[]): { tasks: readonly TaskId[]; moved: readonly Moved[] } {
  const taken: Task[] = []
  const moved: Moved[] = []
  for (const task of ready) {
    if (taken.length >= waveRoom(run)) break
    const why = keptOut(state, run, task, taken)
    if (why === null) taken.push(task)
    else moved.push(why)
  }
  return { tasks: taken.map((task) => task.id), moved }
}

function keptOut(state: State, run: Run, task: Task, taken: readonly Task[]): Moved | null {
  for (const other of taken) {
    const pair = firstOverlap(scopesOf(task), scopesOf(other), run)
    if (pair !== null) return { task: task.id, why: "overlap", with: other.id, ours: pair[0].pattern, theirs: pair[1].pattern }
  }
  // Somebody of another run, or of an earlier wave of this one: the wave would wait for them.
  const scope = heldScope(state, task)
  if (scope?.for === "scope") return { task: task.id, why: "overlap", with: scope.holder, ours: scope.ours, theirs: scope.theirs }
  const held = outsideClaim(state, run, task)
  if (held !== null) return { task: task.id, why: "claim", holder: held.claim.holder, ours: held.ours, theirs: held.theirs }
  const { waveTokens: tokensMax } = run.settings
  const plans = [...taken, task].map(({ plan }) => plan)
  // A wave of one always goes: a task that is larger than any wave would never begin.
  if (tokensMax === null || taken.length === 0 || fits(plans, { agentsMax: Infinity, tokensMax })) return null
  return { task: task.id, why: "tokens", estimate: tokensOfAll(plans), tokensMax }
}

const membersOf = (state: State, wave: Wave): Task[] => wave.tasks.filter((id) => !wave.gaps.includes(id)).map((id) => taskOf(state, id))
