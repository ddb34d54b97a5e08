/** Sessions in an imaginary world: the shortest way to say what a test is about. */
import { id, type SessionId } from "../../src/domain/ids.ts"
import type { Fault } from "../../src/domain/fault.ts"
import type { QueuedPrompt, Session, SessionTerms } from "../../src/domain/session/session.ts"
import type { TurnOutcome } from "../../src/domain/session/turn.ts"
import { noUsage } from "../../src/domain/session/turn.ts"
import type { Job } from "../../src/domain/worker/job.ts"
import { theWorker, type World } from "./world.ts"

export function create(world: World, name: string, more: Partial<SessionTerms> = {}): Fault | null {
  const wanted = {
    workspace: id<"workspace">(`w-${name}`),
    strategy: "worktree",
    source: "/repo",
    repository: "/repo",
    commonDirectory: "/repo/.git",
    branch: `branch-${name}`,
    base: "main",
    path: `/repo-worktrees/branch-${name}`,
  } as const
  const terms: SessionTerms = {
    title: name,
    agent: "scripted",
    model: null,
    worker: theWorker,
    wanted,
    parent: more.notify ?? null,
    notify: null,
    limitMs: null,
    stallMs: 1_000,
    idleMs: null,
    ...more,
  }
  return world.tell({ type: "session.create", session: id(name), terms, prompt: null, by: "a test" })
}

export const promptOf = (world: World, text: string): QueuedPrompt => ({
  id: id(`m-${world.now}-${text}`),
  text,
  attachments: [],
  model: null,
  mode: null,
  by: "a test",
  callback: null,
  queuedAt: world.now,
})

export function prompt(world: World, name: string, text: string): Fault | null {
  return world.tell({ type: "session.prompt", session: id(name), prompt: promptOf(world, text) })
}

export function session(world: World, name: string): Session {
  const found = world.state.sessions.get(id<"session">(name) satisfies SessionId)
  if (found === undefined) throw new Error(`no session ${name}`)
  return found
}

/** What the agent of a session was given, as far as it has not been answered. */
export function turnOf(world: World, name: string): Job & { kind: "session.turn" } {
  const job = world.jobsOf("session.turn").find((one) => one.kind === "session.turn" && one.session === name)
  if (job?.kind !== "session.turn") throw new Error(`${name} has no turn`)
  return job
}

export function endTurn(world: World, name: string, how: Partial<TurnOutcome> & { how: TurnOutcome["how"] }): void {
  const job = turnOf(world, name)
  world.report({ type: "turn.started", job: job.key, session: job.session })
  const outcome = { text: "", usage: noUsage, ...how } as TurnOutcome
  world.report({ type: "job.done", job: job.key, result: { kind: "session.turn", outcome } })
}

/** Answers everything but turns: those are what tests decide about. */
export function settle(world: World): void {
  for (let round = 0; round < 100; round++) {
    const next = [...world.open.values()].find(({ job }) => job.kind !== "session.turn")
    if (next === undefined) return
    world.succeed(next.job)
  }
}
