/** What may happen to a project, one thing after the other: for properties that hold whatever happens, and for what follows when all goes well from then on. */
import { expect } from "vitest"
import type { Approval } from "../../src/domain/approval/approval.ts"
import { id, type RunId } from "../../src/domain/ids.ts"
import { apply } from "../../src/domain/project/apply.ts"
import { emptyState, freeze } from "../../src/domain/project/state.ts"
import type { Job } from "../../src/domain/worker/job.ts"
import type { JobResult } from "../../src/domain/worker/job-result.ts"
import { goodResult, theWorker, type World } from "./world.ts"

/** What may happen next, each with a number that picks what it happens to. */
export const moves = [
  "succeed",
  "succeed",
  "succeed",
  "succeed",
  "fail",
  "repeat",
  "late",
  "ask",
  "allow",
  "deny",
  "tick",
  "stop run",
  "stop task",
  "retry",
  "tell",
  "continue",
  "leave",
  "back",
  "reboot",
  "hub dies",
  "worse",
] as const

export type Move = (typeof moves)[number]

/** Slots of the worker, whenever it joins. */
export const slots = 3

export function play(world: World, what: Move, which: number): void {
  const jobs = [...world.open.values()].map((action) => action.job)
  const job = jobs[which % Math.max(1, jobs.length)]
  const tasks = [...world.state.tasks.values()].sort((a, b) => a.ordinal - b.ordinal)
  const some = tasks[which % tasks.length]
  const approvals = [...world.state.approvals.values()].filter((approval) => approval.answer === null)
  const approval = approvals[which % Math.max(1, approvals.length)]
  const run = id<"run">("run-aaaa")
  switch (what) {
    case "succeed":
      if (job !== undefined) world.succeed(job)
      return
    case "fail":
      if (job !== undefined) world.report({ type: "job.failed", job: job.key, fault: { code: "x", what: "x", why: "x", fix: "x" }, transient: which % 2 === 0 })
      return
    case "worse":
      if (job !== undefined) world.report({ type: "job.done", job: job.key, result: badResult(job, which) })
      return
    case "repeat": {
      if (job?.kind !== "session.turn") return
      const report = { type: "turn.started", job: job.key, session: job.session } as const
      world.report(report)
      const before = matter(world)
      world.report(report)
      expect(matter(world)).toEqual(before)
      world.tell({
        type: "worker.report",
        worker: theWorker,
        boot: world.boot,
        sequence: world.state.workers.get(theWorker)!.heard,
        report: { type: "job.done", job: job.key, result: goodResult(job) },
      })
      expect(matter(world), "a report that was heard before counts again").toEqual(before)
      return
    }
    case "late":
      late(world, which)
      return
    case "ask": {
      const working = tasks.filter((one) => one.state.name === "running")
      const asking = working[which % Math.max(1, working.length)]
      if (asking?.state.name === "running")
        world.report({
          type: "permission.asked",
          session: id(asking.state.attempt.id),
          request: { permission: `p${which}`, kind: "run", title: "rm", paths: [], command: "rm" },
        })
      return
    }
    case "allow":
    case "deny":
      if (approval !== undefined) world.tell({ type: "approval.answer", approval: approval.id, allow: what === "allow", by: "me", note: null })
      return
    case "tick":
      world.tick()
      return
    case "stop run":
      if (which % 5 === 0) world.tell({ type: "run.stop", run, by: "me" })
      return
    case "stop task":
      if (some !== undefined) world.tell({ type: "task.stop", task: some.id })
      return
    case "retry":
      if (some !== undefined) world.tell({ type: "task.retry", task: some.id })
      return
    case "tell":
      if (some !== undefined) world.tell({ type: "task.tell", task: some.id, message: id(`m${which}`), text: "look there", by: "me" })
      return
    case "continue":
      world.tell({ type: "run.continue", run })
      return
    case "leave":
      world.tell({ type: "worker.leave", worker: theWorker, boot: world.boot })
      return
    case "back":
      world.join(slots)
      return
    case "reboot":
      world.join(slots, `boot-${which}`)
      return
    case "hub dies":
      world.state = world.log.reduce((state, { event, at }) => apply(state, event, at), emptyState)
      world.tell({ type: "hub.start" })
      return
  }
}

/** Reports of every attempt that is over change nothing. */
function late(world: World, which: number): void {
  const over = [...world.state.tasks.values()].flatMap((one) => one.attempts)
  const old = over[which % Math.max(1, over.length)]
  if (old === undefined) return
  const before = matter(world)
  const session = id<"session">(old.id)
  world.report({ type: "turn.started", job: id(`turn:${old.id}`), session })
  world.report({ type: "permission.asked", session, request: { permission: "late", kind: "run", title: "late", paths: [], command: null } })
  world.report({ type: "job.done", job: id(`steer:${old.id}:m1`), result: { kind: "session.steer", steering: "taken" } })
  for (const kind of ["prepare", "open", "turn", "close", "collect", "check"] as const) {
    const key = id<"job">(`${kind}:${old.id}`)
    world.open.set(key, { worker: theWorker, job: { kind: "session.close", key, session } })
    world.report({ type: "job.done", job: key, result: goodResult({ kind: "session.close", key, session }) })
    world.open.set(key, { worker: theWorker, job: { kind: "session.close", key, session } })
    world.report({ type: "job.failed", job: key, fault: { code: "x", what: "x", why: "x", fix: "x" }, transient: true })
  }
  expect(matter(world)).toEqual(before)
}

/** The state but for the number of the last report. */
function matter(world: World): unknown {
  return freeze({ ...world.state, workers: world.state.workers.map((worker) => ({ ...worker, heard: 0 })) })
}

/** One of the ways in which a job may end otherwise than well. */
export function badResult(job: Job, which: number): JobResult {
  const good = goodResult(job)
  switch (good.kind) {
    case "session.turn": {
      const { text, usage } = good.outcome
      const outcomes = [
        { how: "interrupted", text, usage },
        { how: "stalled", silentMs: 1, text, usage },
        { how: "lost", message: "gone", text, usage },
        { how: "failed", error: { class: "rate-limit", message: "slow down", resetAt: null }, text, usage },
        { how: "failed", error: { class: "auth", message: "no key", resetAt: null }, text, usage },
        { how: "completed", text: "---HANDOFF---\n- status: blocked\n---", usage },
      ] as const
      return { kind: good.kind, outcome: outcomes[which % outcomes.length] ?? good.outcome }
    }
    case "workspace.collect": {
      const variants = [
        { commits: 0 },
        { unresolved: ["src/a/x"] },
        { files: [{ path: "elsewhere/x", status: "added" as const, additions: 1, deletions: 0, from: null }] },
      ]
      return { kind: good.kind, collected: { ...good.collected, ...variants[which % variants.length] } }
    }
    case "checks.run":
      return { kind: good.kind, checks: [{ command: "true", passed: false, exitCode: 1, timedOut: false, output: "no", elapsedMs: 1 }] }
    case "landing.try": {
      if (job.kind !== "landing.try") return good
      const fault = { code: "dirty", what: "dirty", why: "dirty", fix: "clean" }
      const outcomes = [
        { how: "held", fault },
        { how: "checks-failed", checks: [] },
        { how: "conflict", task: job.items[which % job.items.length]!.task, target: "main", files: ["x"], theirs: [] },
      ] as const
      return { kind: good.kind, landing: outcomes[which % outcomes.length] ?? good.landing }
    }
    case "session.steer":
      return { kind: good.kind, steering: which % 2 === 0 ? "cannot" : "over" }
    case "workspace.prepare":
    case "session.open":
    case "session.interrupt":
    case "session.close":
    case "workspace.survey":
    case "permission.answer":
    case "workspace.release":
    case "repository.tidy":
    case "workspace.measure":
    case "plan.read":
      return good
  }
}

/** From here on every job succeeds and every question is answered with yes; what failed or was stopped is taken up again. */
export function finishWell(world: World, run: RunId): void {
  world.join(slots, "boot-last")
  for (let round = 0; round < 2_000; round++) {
    const open = [...world.state.approvals.values()].find((approval) => approval.answer === null)
    if (open !== undefined) answerWell(world, open)
    else if (world.open.size > 0) world.runDry()
    else if (world.state.runs.get(run)?.status.name === "settled") {
      const failed = [...world.state.tasks.values()].find((one) => one.state.name === "failed")
      if (failed !== undefined) expect(world.tell({ type: "task.retry", task: failed.id })).toBeNull()
      else if (world.tell({ type: "run.continue", run }) !== null) return
    } else if (!world.tick()) return
  }
}

/** Yes; where a strategy is to be picked, the first that can be. */
function answerWell(world: World, { id: approval, about }: Approval): void {
  if (about.kind !== "pick") {
    expect(world.tell({ type: "approval.answer", approval, allow: true, by: "me", note: null })).toBeNull()
    return
  }
  const ready = [...world.state.tasks.values()].find((one) => one.run === about.run && one.state.name === "proved")
  expect(world.tell({ type: "run.pick", run: about.run, key: ready?.key ?? null, by: "me" })).toBeNull()
}
