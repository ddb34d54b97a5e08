import fc from "fast-check"
import { expect, test } from "vitest"
import { goodResult, task, theWorker, World } from "../../../test/world/world.ts"
import { id } from "../ids.ts"
import type { PlanTask } from "../plan/plan.ts"
import { overlaps } from "../scope/overlap.ts"
import type { Job, JobResult } from "../worker/job.ts"
import { scopesOf } from "../task/task.ts"
import { apply } from "./apply.ts"
import { emptyState, freeze, thaw, type State } from "./state.ts"

/** What may happen next, each with a number that picks what it happens to. */
const moves = [
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
const move = fc.record({ what: fc.constantFrom(...moves), which: fc.nat(1_000) })

const folders = ["src/a", "src/a/deep", "src/b", "docs", "**"]
const plan = fc
  .array(
    fc.record({ needs: fc.array(fc.nat(20), { maxLength: 3 }), scope: fc.subarray(folders, { maxLength: 2 }), gate: fc.boolean(), checks: fc.boolean() }),
    { minLength: 1, maxLength: 12 },
  )
  .map((rows) =>
    rows.map((row, index): PlanTask =>
      task(`t${index}`, {
        after: [...new Set(row.needs.filter((need) => need < index).map((need) => `t${need}`))],
        scope: row.scope,
        gate: row.gate && index % 3 === 0 ? "human" : "none",
        checks: row.checks ? ["true"] : [],
      }),
    ),
  )

const slots = 3

test("whatever happens, in whatever order, the invariants hold after every command", () => {
  fc.assert(
    fc.property(plan, fc.array(move, { maxLength: 150 }), (tasks, steps) => {
      const world = new World()
      world.join(slots)
      world.submit(tasks, { slotsMax: slots })
      check(world)
      for (const step of steps) {
        play(world, step.what, step.which)
        check(world)
      }
      expect(replay(world)).toEqual(freeze(world.state))
      expect(freeze(thaw(JSON.parse(JSON.stringify(freeze(world.state)))))).toEqual(freeze(world.state))
    }),
    { numRuns: 300 },
  )
})

test("when everything goes well from some point on, every run settles and everything that can be done is done", () => {
  fc.assert(
    fc.property(plan, fc.array(move, { maxLength: 60 }), (tasks, steps) => {
      const world = new World()
      world.join(slots)
      const run = world.submit(tasks)
      for (const step of steps) play(world, step.what, step.which)
      finishWell(world, run)
      expect(world.state.runs.get(run)?.status).toMatchObject({ name: "settled", outcome: "done" })
      expect(world.open.size).toBe(0)
      expect(
        world.state.claims.size +
          world.state.active.size +
          world.state.landings.size +
          world.state.timers.filter((_, name) => !name.startsWith("cooling")).size,
      ).toBe(0)
    }),
    { numRuns: 200 },
  )
})

function play(world: World, what: (typeof moves)[number], which: number): void {
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

function badResult(job: Job, which: number): JobResult {
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
        { how: "conflict", task: job.items[0]!.task, target: "main", files: ["x"], theirs: [] },
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

function finishWell(world: World, run: ReturnType<World["submit"]>): void {
  world.join(slots, "boot-last")
  for (let round = 0; round < 2_000; round++) {
    const open = [...world.state.approvals.values()].find((approval) => approval.answer === null)
    if (open !== undefined) world.tell({ type: "approval.answer", approval: open.id, allow: true, by: "me", note: null })
    else if (world.open.size > 0) world.runDry()
    else if (world.state.runs.get(run)?.status.name === "settled") {
      const failed = [...world.state.tasks.values()].find((one) => one.state.name === "failed")
      if (failed !== undefined) expect(world.tell({ type: "task.retry", task: failed.id })).toBeNull()
      else if (world.tell({ type: "run.continue", run }) !== null) return
    } else if (!world.tick()) return
  }
}

function check(world: World): void {
  const { state } = world
  const running = [...state.tasks.values()].filter((one) => one.state.name === "running")
  expect(running.length).toBeLessThanOrEqual(slots)
  for (const one of running) {
    for (const need of one.plan.after)
      expect(state.tasks.find((other) => other.key === need.key)?.state.name, `${one.key} runs before ${need.key}`).toBe("done")
    for (const other of holders(state)) {
      if (other.id === one.id) continue
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
    expect(one.needsLeft).toBe(one.plan.after.filter((need) => state.tasks.find((other) => other.key === need.key)?.state.name !== "done").length)
  }
  expect([...state.landings.values()].filter((landing) => landing.status.name === "trying").length).toBeLessThanOrEqual(1)
}

function works({ state }: PlanHolder): boolean {
  return state.name === "running" && ["preparing", "opening", "prompting", "working"].includes(state.attempt.phase.name)
}

function holders(state: State): PlanHolder[] {
  return [...state.tasks.values()].filter((one) => one.state.name === "running" || one.state.name === "landing")
}
type PlanHolder = NonNullable<ReturnType<State["tasks"]["get"]>>

function replay(world: World): unknown {
  return freeze(world.log.reduce((state, { event, at }) => apply(state, event, at), emptyState))
}
