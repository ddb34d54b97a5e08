import fc from "fast-check"
import { expect, test } from "vitest"
import { badResult, finishWell, moves, play, slots, type Move } from "../../../test/world/moves.ts"
import { runs, runsLimitMs } from "../../../test/world/runs.ts"
import { expectSound, replay } from "../../../test/world/sound.ts"
import { planOf, task, World } from "../../../test/world/world.ts"
import { id, type RunId } from "../ids.ts"
import type { Plan, PlanTask } from "../plan/plan.ts"
import type { Campaign } from "../run/campaign.ts"
import type { RunSettings } from "../run/run.ts"
import type { Job } from "../worker/job.ts"
import { freeze, thaw } from "./state.ts"

const ours = id<"run">("run-aaaa")
const rival = id<"run">("run-bbbb")

/** What people and other tools do to campaigns, beyond what happens to any run. */
const campaignMoves = [
  "pick",
  "pick none",
  "go on",
  "go on",
  "go on",
  "go on",
  "go on",
  "go on",
  "go on",
  "bad landing",
  "bad landing",
  "bad landing",
  "bad check",
  "out of scope",
  "skip",
  "change",
  "extend",
  "claimed",
  "free",
  "ask before waves",
  "answer well",
] as const
type Happening = Move | (typeof campaignMoves)[number]
const move = fc.record({ what: fc.constantFrom(...moves, ...campaignMoves), which: fc.nat(1_000) })
/** Of any length: without `size` there are never more than ten, and hardly a campaign gets to its end. */
const steps = (maxLength: number) => fc.array(move, { maxLength, size: "max" })

const folders = ["src/a", "src/a/deep", "src/b", "docs", "web"]
const tasks = (minLength: number, maxLength: number) =>
  fc
    .array(
      fc.record({
        needs: fc.array(fc.nat(20), { maxLength: 2 }),
        scope: fc.subarray(folders, { minLength: 1, maxLength: 2 }),
        checks: fc.boolean(),
        gate: fc.nat(9),
      }),
      {
        minLength,
        maxLength,
      },
    )
    .map((rows) =>
      rows.map((row, index): PlanTask =>
        task(`t${index}`, {
          prompt: `Do part ${index} in \`src/a/${index}.ts\``,
          after: [...new Set(row.needs.filter((need) => need < index).map((need) => `t${need}`))],
          scope: row.scope,
          checks: row.checks ? ["true"] : [],
          gate: row.gate === 0 ? "human" : "none",
          type: row.gate === 1 ? "research" : "build",
        }),
      ),
    )

interface Story {
  readonly campaign: Partial<Campaign>
  readonly settings: Partial<RunSettings>
  /** What is submitted: the tasks, or the one whose agent plans them. */
  readonly submitted: readonly PlanTask[]
  readonly planned: Plan | null
}

const planner = task("plan", { prompt: "Make the plan", type: "research", role: "planner" })
const confirmed = fc.constantFrom("yes", "unless-red", "no")
const trust = fc.constantFrom("novice", "familiar", "trusted")

const waves: fc.Arbitrary<Story> = fc
  .record({
    all: tasks(1, 8),
    waveSize: fc.integer({ min: 1, max: 4 }),
    confirmMerges: fc.boolean(),
    waveTokens: fc.constantFrom(null, 1, 700_000),
    plans: fc.boolean(),
    confirmed,
    trust,
  })
  .map(({ all, waveSize, confirmMerges, waveTokens, plans, ...campaign }) => ({
    campaign: { ...campaign, mode: "standard", record: true, planner: plans ? planner.key : null },
    settings: { waveSize, confirmMerges, waveTokens },
    submitted: plans ? [planner] : all,
    // A planner's own plan overlaps nowhere, or it would be sent back.
    planned: { ...planOf(all.map((one, n) => ({ ...one, scope: task("x", { scope: [`part${n}`] }).scope }))), checks: ["true"] },
  }))

const quick: fc.Arbitrary<Story> = fc.record({ all: tasks(2, 5), confirmed, trust }).map(({ all, ...campaign }) => ({
  campaign: { ...campaign, mode: "quick" },
  settings: {},
  submitted: all.map((one) => ({ ...one, after: [] })),
  planned: null,
}))

const labels = ["class-based", "functional", "factory", "table-driven"]
const ways = [
  "Extract classes with a container in `src/a/x.ts`",
  "Compose curried functions over `src/a/y.ts`",
  "Generate code from tables, see `src/a/z.ts`",
  "Write one flat switch; `src/a/w.ts`",
]
const speculative: fc.Arbitrary<Story> = fc
  .record({ count: fc.integer({ min: 2, max: 4 }), pickBest: fc.boolean(), checks: fc.boolean(), plans: fc.boolean(), confirmed, trust })
  .map(({ count, pickBest, checks, plans, ...campaign }) => {
    const strategies = labels.slice(0, count).map((key, n) => task(key, { prompt: ways[n] ?? "", scope: ["src/a"], checks: checks ? ["true"] : [] }))
    return {
      campaign: { ...campaign, mode: "speculative", record: true, pickBest, strategies: count, base: "base", planner: plans ? planner.key : null },
      settings: {},
      submitted: plans ? [planner] : strategies,
      planned: planOf(strategies),
    }
  })

const story = fc.oneof({ weight: 3, arbitrary: waves }, { weight: 1, arbitrary: quick }, { weight: 2, arbitrary: speculative })
/** Another run in the same repository, in waves too, with scopes that overlap ours; or none. */
const other = fc.option(tasks(1, 4), { nil: [] })

function begin({ campaign, settings, submitted, planned }: Story, others: readonly PlanTask[]): World {
  const world = new World()
  world.planned = planned
  world.join(slots)
  world.submit(submitted, settings, ours, campaign)
  if (others.length > 0) world.submit(others, { waveSize: 2 }, rival)
  return world
}

test("whatever happens to campaigns, the invariants hold after every command, and the events give the same state", { timeout: runsLimitMs }, () => {
  fc.assert(
    fc.property(story, other, steps(120), (of, others, all) => {
      const world = begin(of, others)
      expectSound(world)
      for (const { what, which } of all) {
        const before = world.log.length
        happen(world, what, which)
        // Most moves find nothing that they could happen to.
        if (world.log.length > before) expectSound(world)
      }
      expect(replay(world)).toEqual(freeze(world.state))
      expect(freeze(thaw(JSON.parse(JSON.stringify(freeze(world.state)))))).toEqual(freeze(world.state))
    }),
    runs(100),
  )
})

test(
  "when everything goes well from some point on, every campaign settles, and all that was proved has landed, is archived or failed",
  { timeout: runsLimitMs },
  () => {
    fc.assert(
      fc.property(story, other, steps(60), (of, others, all) => {
        const world = begin(of, others)
        for (const { what, which } of all) happen(world, what, which)
        happen(world, "free", 0)
        finishWell(world, ours)
        if (others.length > 0) finishWell(world, rival)
        for (const run of world.state.runs.values()) expect(run.status.name, run.id).toBe("settled")
        expect([...world.state.tasks.values()].filter((one) => !["done", "failed", "archived", "cancelled"].includes(one.state.name))).toEqual([])
        expect([...world.state.approvals.values()].filter((approval) => approval.answer === null)).toEqual([])
        expect(world.open.size + world.state.claims.size + world.state.active.size + world.state.landings.size).toBe(0)
      }),
      runs(400),
    )
  },
)

function happen(world: World, what: Happening, which: number): void {
  const all = [...world.state.tasks.values()].sort((a, b) => a.ordinal - b.ordinal)
  const some = all[which % all.length]
  const run: RunId = some?.run ?? ours
  if (isMove(what)) return play(world, what, which)
  switch (what) {
    case "pick":
    case "pick none": {
      const ready = all.filter(({ state }) => state.name === "proved")
      const picked = ready[which % ready.length] ?? some
      world.tell({ type: "run.pick", run: picked?.run ?? run, key: what === "pick" ? (picked?.key ?? null) : null, by: "me" })
      return
    }
    case "skip":
      if (some !== undefined) world.tell({ type: "task.skip", task: some.id })
      return
    case "change": {
      const [need] = all.filter((one) => one.run === run && one.ordinal % 3 === which % 3)
      const scope = which % 2 === 0 ? task("x", { scope: [folders[which % folders.length] ?? "docs"] }).scope : null
      if (some !== undefined) world.tell({ type: "task.change", task: some.id, scope, after: need === undefined || which % 5 < 2 ? null : [need.key] })
      return
    }
    case "extend": {
      const after = some === undefined || which % 2 === 0 ? [] : [some.key]
      world.tell({ type: "run.extend", run, task: task(`added-${which}`, { after, scope: ["docs"] }) })
      return
    }
    case "claimed":
    case "free": {
      const claims =
        what === "free"
          ? []
          : [{ instance: `them-${which % 2}`, scopes: task("x", { scope: [folders[which % folders.length] ?? "docs"] }).scope, purpose: "theirs" }]
      world.tell({ type: "claims.see", commonDirectory: "/repo/.git", ignoreCase: false, claims })
      return
    }
    case "go on":
      for (let left = which % 16; left > 0; left--) {
        const next = [...world.open.values()][which % Math.max(1, world.open.size)]
        if (next !== undefined) world.succeed(next.job)
      }
      return
    case "bad landing":
      return endBadly(world, "landing.try", which)
    case "bad check":
      return endBadly(world, "checks.run", which)
    case "out of scope":
      return endBadly(world, "workspace.collect", 2)
    case "ask before waves":
      world.tell({ type: "run.auto-continue", run, on: which % 2 === 0 })
      return
    case "answer well": {
      const approval = [...world.state.approvals.values()].find(({ answer }) => answer === null)
      if (approval !== undefined) world.tell({ type: "approval.answer", approval: approval.id, allow: true, by: "me", note: null })
      return
    }
  }
}

const isMove = (what: Happening): what is Move => moves.some((one) => one === what)

/** Goes on until there is such a job, if ever, and then that one ends otherwise than well. */
function endBadly(world: World, kind: Job["kind"], which: number): void {
  for (let left = 40; left > 0; left--) {
    const [job] = world.jobsOf(kind)
    if (job !== undefined) return world.report({ type: "job.done", job: job.key, result: badResult(job, which) })
    const [other] = world.open.values()
    if (other !== undefined) world.succeed(other.job)
  }
}
