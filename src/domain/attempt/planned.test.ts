import { expect, test } from "vitest"
import { answer, asked, endTurn, finish, goOn, states, theRun, turnOf, working, worldOf } from "../../../test/world/turns.ts"
import { planOf, task, type World } from "../../../test/world/world.ts"
import type { Plan, PlanFault } from "../plan/plan.ts"
import type { Campaign } from "../run/campaign.ts"
import type { Job } from "../worker/job.ts"

const planner = task("plan", { title: "Make the plan", prompt: "Make a plan for the API", type: "research", role: "planner" })

/** A campaign whose plan is still to be made; its planner works. */
function planning(more: Partial<Campaign> = {}): World {
  const of = worldOf()
  of.submit([planner], { waveSize: 3 }, "run-aaaa", { planner: planner.key, ...more })
  goOn(of)
  return of
}

/** Answers everything up to the reading of what the planner said. */
function reading(of: World): Job {
  const job = turnOf(of, "plan")
  of.report({ type: "turn.started", job: job.key, session: job.session })
  of.succeed(job)
  for (;;) {
    const [read] = of.jobsOf("plan.read")
    if (read !== undefined) return read
    const [next] = of.open.values()
    if (next === undefined) throw new Error("nothing is read")
    of.succeed(next.job)
  }
}

const says = (of: World, plan: Plan | null, faults: readonly PlanFault[] = []): void => finish(of, reading(of), { kind: "plan.read", plan, faults })

const part = (key: string, more: Parameters<typeof task>[1] = {}) =>
  task(key, { prompt: `Write \`src/${key}/index.ts\` and its tests`, scope: [`src/${key}`], checks: ["npm test"], ...more })
const good = planOf([part("api"), part("ui"), part("docs")])
const fault = (code: string): PlanFault => ({ severity: "error", code, what: `it is ${code}`, why: "it is so", fix: "mend it", file: null, line: 3 })

// C.1.5, C.1.19
test("the planner's tasks become the tasks of the run, and begin only when the plan is there", () => {
  const of = planning()
  expect(working(of)).toEqual(["plan"])
  says(of, good)
  expect(working(of)).toEqual(["api", "docs", "ui"])
  expect(states(of)).toEqual({ plan: "done", api: "running", ui: "running", docs: "running" })
  expect(theRun(of).criticism).toEqual([])
})

// C.1.128, C.1.133
test("the planner's tasks begin only after the gate, which is asked when they are known", () => {
  const of = planning({ confirmed: "no", trust: "novice" })
  expect(asked(of)).toEqual([])
  says(of, good)
  expect(working(of)).toEqual([])
  expect(asked(of)).toMatchObject([{ about: { kind: "start" } }])
  expect(asked(of)[0]?.question).toContain("Spawning 3 agents across 1 waves in isolated worktrees. Estimated token budget: ~750K.")
  answer(of, true)
  expect(working(of)).toEqual(["api", "docs", "ui"])
})

test.each([
  ["no plan at all", null, [fault("no-plan")], "it is no-plan"],
  ["a plan that cannot be", planOf([part("api", { after: ["ui"] }), part("ui", { after: ["api"] }), part("docs")]), [], "in a circle"],
  ["a plan that says not what proves it", planOf([part("api", { checks: [] }), part("ui"), part("docs")]), [], "nothing proves task"],
] as const)("%s goes back to the planner with what is wrong with it", (_name, plan, faults, told) => {
  const of = planning()
  says(of, plan, faults)
  expect(working(of)).toEqual(["plan"])
  expect(turnOf(of, "plan").prompt).toContain("Your plan was not taken yet")
  expect(turnOf(of, "plan").prompt).toContain(told)
})

test("a planner that never makes a usable plan has three rounds, and then the run has failed and says what was wrong", () => {
  const of = planning()
  for (let round = 1; round <= 3; round++) says(of, null, [fault("no-plan")])
  expect(of.task("plan")).toMatchObject({ state: { name: "failed", failure: { kind: "plan", faults: [{ code: "no-plan" }] } }, attempts: { length: 3 } })
  expect(theRun(of).status).toMatchObject({ name: "settled", outcome: "failed" })
})

test("a plan that gets better in time is taken", () => {
  const of = planning()
  says(of, null, [fault("no-plan")])
  says(of, planOf([part("api", { checks: [] }), part("ui"), part("docs")]))
  says(of, good)
  expect(working(of)).toEqual(["api", "docs", "ui"])
})

test("weaknesses that a planner does not mend in three rounds are shown, and its plan is taken", () => {
  const of = planning()
  const weak = planOf([part("api", { estimateMinutes: 500 }), part("ui"), part("docs")])
  for (let round = 1; round <= 3; round++) says(of, weak)
  expect(working(of)).toEqual(["api", "docs", "ui"])
  expect(theRun(of).criticism).toMatchObject([{ severity: "warning", code: "too-big" }])
})

// C.1.132
test("streams that stay too few lead to a run without waves, with the reason", () => {
  const of = planning({ confirmed: "no", trust: "novice" })
  const few = planOf([part("api"), part("ui")])
  for (let round = 1; round <= 2; round++) says(of, few)
  expect(theRun(of).criticism).toMatchObject([{ severity: "error", code: "too-few-streams" }])
  expect(theRun(of)).toMatchObject({ settings: { waveSize: null }, gate: { proportion: { to: "plain" } } })
  expect(asked(of)[0]?.detail).toContain("there are 2 independent streams, and waves need 3 or more; a run without waves does it")
})

// C.1.132
test("tasks that all write in one directory go one after the other, with the reason", () => {
  const of = planning()
  const crowded = planOf(["a", "b", "c"].map((key) => part(key, { scope: [`src/api/${key}.ts`] })))
  for (let round = 1; round <= 2; round++) says(of, crowded)
  expect(theRun(of)).toMatchObject({ settings: { waveSize: 1 }, gate: { proportion: { to: "sequential" } } })
  expect(working(of)).toHaveLength(1)
})

test("work that cannot be divided is handed in as one task, and taken at once", () => {
  const of = planning()
  says(of, planOf([part("api")]))
  expect(theRun(of)).toMatchObject({ criticism: [{ code: "one-task" }], gate: { proportion: { to: "single" } } })
  expect(working(of)).toEqual(["api"])
})

test("what is built side by side counts as streams, and not the task that wires all of it together", () => {
  const of = planning()
  says(
    of,
    planOf([...["api", "ui", "docs"].map((key) => part(key, { scope: [`src/${key}/`] })), part("wire", { after: ["api", "ui", "docs"], scope: ["src/"] })]),
  )
  expect(theRun(of)).toMatchObject({ criticism: [], gate: { proportion: null } })
  expect(working(of)).toHaveLength(3)
})

test("a task with the planner's own id is refused, in whatever case it is written", () => {
  const of = planning()
  says(of, planOf([part("Plan"), part("ui"), part("docs")]))
  expect(turnOf(of, "plan").prompt).toContain("it is that of the planner itself")
})

test("a task for an agent that nobody has is refused at once: it would wait for ever", () => {
  const of = planning()
  says(of, planOf([part("api", { agent: "gpt-9" }), part("ui"), part("docs")]))
  expect(turnOf(of, "plan").prompt).toContain('no worker has an agent "gpt-9"')
})

// C.1.1
test("what a planner changed is no part of anything: it does not land, and its branch stays for a person to look at", () => {
  const of = planning()
  const job = turnOf(of, "plan")
  of.report({ type: "turn.started", job: job.key, session: job.session })
  of.succeed(job)
  for (const kind of ["session.close", "workspace.collect", "plan.read"] as const) {
    const [next] = of.jobsOf(kind)
    if (next === undefined) throw new Error(`no ${kind}`)
    if (kind === "plan.read") of.report({ type: "job.done", job: next.key, result: { kind, plan: good, faults: [] } })
    else of.succeed(next)
  }
  expect(of.jobsOf("workspace.release")).toMatchObject([{ landed: false, tag: null }])
  expect(of.state.landings.size).toBe(0)
})

test("what the plan says for all tasks holds for the run, beside what held before", () => {
  const of = planning()
  says(of, { ...good, guardrails: ["No new dependencies"], checks: ["npm run lint"], setup: "npm ci" })
  expect(theRun(of)).toMatchObject({ goal: "a plan", guardrails: ["No new dependencies"], checks: ["npm run lint"], setup: "npm ci" })
})

test("a planner that is stopped while its plan is read makes no tasks", () => {
  const of = planning()
  const read = reading(of)
  of.tell({ type: "run.stop", run: theRun(of).id, by: "me" })
  finish(of, read, { kind: "plan.read", plan: good, faults: [] })
  expect(states(of)).toEqual({ plan: "cancelled" })
})

test("nothing can be added while the plan is being made", () => {
  const of = planning()
  expect(of.tell({ type: "run.extend", run: theRun(of).id, task: part("more") })).toMatchObject({ code: "plan-pending" })
})

test("an agent that was asked something in its last moments is not asked about when its plan is read", () => {
  const of = planning()
  const read = reading(of)
  const session = of.task("plan").state
  if (session.name !== "running") throw new Error("the planner does not run")
  of.report({
    type: "permission.asked",
    session: session.attempt.id as never,
    request: { permission: "p", kind: "run", title: "rm", paths: [], command: "rm" },
  })
  expect(asked(of)).toEqual([])
  finish(of, read, { kind: "plan.read", plan: good, faults: [] })
  endTurn(of, "api")
})
