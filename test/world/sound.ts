/** What holds in every state of a project. */
import { expect } from "vitest"
import { taskId } from "../../src/domain/ids.ts"
import { emptyState, freeze, type State } from "../../src/domain/project/state.ts"
import { apply } from "../../src/domain/project/apply.ts"
import type { Approval } from "../../src/domain/approval/approval.ts"
import { isSpeculative, isStrategy } from "../../src/domain/run/campaign.ts"
import type { Run } from "../../src/domain/run/run.ts"
import { overlaps } from "../../src/domain/scope/overlap.ts"
import { isOver, scopesOf } from "../../src/domain/task/task.ts"
import { slots } from "./moves.ts"
import type { World } from "./world.ts"

export function expectSound(world: World): void {
  const { state } = world
  const running = [...state.tasks.values()].filter((one) => one.state.name === "running")
  expect(running.length).toBeLessThanOrEqual(slots)
  for (const one of running) {
    for (const need of one.plan.after) expect(state.tasks.get(taskId(one.run, need.key))?.state.name, `${one.key} runs before ${need.key}`).toBe("done")
    for (const other of holders(state)) {
      if (other.id === one.id || areRivals(state, one, other)) continue
      // What a person widened counts for agents that work; what lies checked and waits to land may overlap by that person's word.
      const bothWork = works(one) && works(other)
      for (const ours of bothWork ? scopesOf(one) : one.plan.scope)
        for (const theirs of bothWork ? scopesOf(other) : other.plan.scope)
          expect(overlaps(ours, theirs), `${one.key} and ${other.key} write the same`).toBe(false)
    }
  }
  for (const one of state.tasks.values()) {
    if (one.state.name === "done" && !one.plan.ticked) expect(one.state.proof, `${one.key} is done without proof`).not.toBeNull()
    if (one.state.name === "running") expect(one.state.attempt.number).toBe(one.attempts.length + 1)
    expect(one.state.name === "running" ? one.state.attempt.telling.length : 0, `${one.key}: messages that wait`).toBe(
      world.jobsOf("session.steer").filter((job) => one.state.name === "running" && job.key.startsWith(`steer:${one.state.attempt.id}:`)).length,
    )
    expect(state.ready.has(one.id)).toBe(one.state.name === "pending" && one.needsLeft === 0)
    expect(one.needsLeft).toBe(one.plan.after.filter((need) => state.tasks.get(taskId(one.run, need.key))?.state.name !== "done").length)
  }
  expect([...state.landings.values()].filter((landing) => landing.status.name === "trying").length).toBeLessThanOrEqual(1)
  for (const approval of state.approvals.values()) if (approval.answer === null) expectWaiting(world, approval)
  for (const run of state.runs.values()) expectSoundRun(world, run)
}

function works({ state }: PlanHolder): boolean {
  return state.name === "running" && ["preparing", "opening", "prompting", "working"].includes(state.attempt.phase.name)
}

function holders(state: State): PlanHolder[] {
  return [...state.tasks.values()].filter((one) => one.state.name === "running" || one.state.name === "landing")
}
type PlanHolder = NonNullable<ReturnType<State["tasks"]["get"]>>

/** Strategies of one run write the same on purpose. */
function areRivals(state: State, one: PlanHolder, other: PlanHolder): boolean {
  const run = state.runs.get(one.run)
  return one.run === other.run && run !== undefined && isStrategy(run, one) && isStrategy(run, other)
}

/** Whoever is asked a question must be able to set something going by the answer. */
function expectWaiting(world: World, approval: Approval): void {
  const { task, about } = approval
  const state = task === null ? undefined : world.state.tasks.get(task)?.state
  switch (about.kind) {
    case "permission":
      expect(state?.name, `${approval.id}: nobody waits for the permission`).toBe("running")
      return
    case "scope":
      expect(state?.name === "running" && state.attempt.phase.name, `${approval.id}: nobody waits for the scope`).toBe("widening")
      return
    case "gate":
      expect(state?.name === "gated" && state.approval, `${approval.id}: nobody waits at the gate`).toBe(approval.id)
      return
    case "landing":
      expect(["asked", "held", "trying"], `${approval.id}: no landing waits`).toContain(
        state?.name === "landing" ? world.state.landings.get(state.landing)?.status.name : state?.name,
      )
      return
    case "start":
    case "wave":
    case "pick":
      expect(world.state.runs.get(about.run)?.hold, `${approval.id}: no run waits`).toEqual({ for: about.kind, approval: approval.id })
      return
  }
}

/** Nobody has picked yet, or what was picked has not landed: another may be picked instead. */
function picking({ state }: World, { picked }: Run): boolean {
  const winner = picked?.task == null ? undefined : state.tasks.get(picked.task)
  return picked === null || (winner !== undefined && !isOver(winner))
}

function expectSoundRun(world: World, run: Run): void {
  const tasks = [...world.state.tasks.values()].filter((one) => one.run === run.id)
  expect(run.waves.filter((wave) => wave.open).length, "waves that are open").toBeLessThanOrEqual(1)
  const approval = run.hold === null ? undefined : world.state.approvals.get(run.hold.approval)
  if (run.hold !== null) expect(approval?.answer, `${run.id} waits for an answer that was given`).toBeNull()
  const proved = tasks.filter((one) => one.state.name === "proved")
  for (const one of proved)
    expect(isStrategy(run, one) ? picking(world, run) : (run.waves.at(-1)?.open ?? false), `${one.key} is proved, and nothing will come of it`).toBe(true)
  if (isSpeculative(run))
    expect(tasks.filter((one) => isStrategy(run, one) && one.state.name === "done").length, "strategies that landed").toBeLessThanOrEqual(1)
  if (run.status.name === "settled") expect(tasks.filter((one) => world.state.active.has(one.id)).map((one) => one.key)).toEqual([])
}

/** The state that the events alone add up to. */
export function replay(world: World): unknown {
  return freeze(world.log.reduce((state, { event, at }) => apply(state, event, at), emptyState))
}
