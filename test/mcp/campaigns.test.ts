/** The tools for campaigns over a Fleet that a test makes up: what is asked of the hub, and what an agent is told of gates, waves, strategies and health. */
import { expect, test } from "vitest"
import { id } from "../../src/domain/ids.ts"
import type { Strategy } from "../../src/domain/strategy/comparison.ts"
import { exitHandoff } from "../../src/domain/planning/exit-handoff.ts"
import type { StartCampaign } from "../../src/protocol/campaign-views.ts"
import type { Diagnosis } from "../../src/surfaces/mcp/fleet-for-agents.ts"
import { textOf } from "./client.ts"
import { approvalView, campaignView, clientOf, diagnosisView, FakeFleet, runView, taskView } from "./fake-fleet.ts"

const startedOf = (fleet: FakeFleet): StartCampaign[] => fleet.asked.filter(([what]) => what === "startCampaign").map(([, of]) => of as StartCampaign)

const red = { disclosure: "Running 2 parallel approaches to the same task. All will touch the same files.", colour: "red" as const, why: "rivals" }

test("a direction starts a campaign in waves of three, and nobody says yes for the person", async () => {
  const fleet = new FakeFleet()
  const unread = "/repo/.claude/harness.json could not be understood: it is no JSON; mend it"
  fleet.campaignThen = { ...runView("run-1", [], { campaign: campaignView({ planning: true }) }), said: [unread] }
  await using client = await clientOf(fleet)
  const result = await client.call("run_campaign", { direction: "let people sign in" })
  expect(result.structuredContent).toMatchObject({
    run: { run: "run-1", campaign: { mode: "standard", planning: true, waits_for: null, session_file: ".planning/fleet/session-run-1.md" } },
    questions: [],
    notices: [unread],
  })
  expect(textOf(result)).toContain(`Tell the person: ${unread}`)
  expect(textOf(result)).toContain("An agent makes the plan")
  expect(startedOf(fleet)).toMatchObject([
    { direction: "let people sign in", mode: "standard", plan: null, waveSize: 3, directory: "/repo", confirmed: "no", pickBest: false },
  ])
  expect(await client.refusal("run_campaign", { direction: "x", confirmed: "yes" })).toContain("confirmed")
})

test("a campaign goes on from its session file; what of that does not hold is for the person, and so is the yes", async () => {
  const fleet = new FakeFleet()
  const again = "the file says that row 1 is complete, but main does not hold its commit c0ffee1: it is done again"
  fleet.campaignThen = { ...runView("run-1", [taskView("a")], { campaign: campaignView() }), said: [again] }
  await using client = await clientOf(fleet)
  const result = await client.call("continue_campaign", {})
  expect(result.structuredContent).toMatchObject({ run: { run: "run-1" }, questions: [], notices: [again] })
  expect(textOf(result)).toContain(`Tell the person: ${again}`)
  expect(fleet.asked.at(-1)).toMatchObject(["continueCampaign", { slug: null, file: null, directory: "/repo", waveSize: 3, anyway: false, confirmed: "no" }])
})

test("a campaign that waits for its gate says by which approval the person is asked", async () => {
  const fleet = new FakeFleet()
  const gate = { disclosure: "Spawning 3 agents across 2 waves in isolated worktrees. Estimated token budget: ~750K.", colour: "amber" as const, why: "waves" }
  const held = runView("run-1", [taskView("a")], {
    campaign: campaignView({ hold: "start", gate: { ...gate, downgrade: null } }),
    approvals: [approvalView("ap-7", { kind: "start", question: `start "it"? ${gate.disclosure}`, session: null, run: "run-1" })],
  })
  fleet.campaignThen = { ...held, said: [] }
  await using client = await clientOf(fleet)
  const result = await client.call("run_campaign", { plan: "Do this (id: a)\nDo that (id: b)\nDo more (id: c)" })
  expect(result.structuredContent).toMatchObject({
    run: { campaign: { waits_for: "start", colour: "amber" } },
    questions: [{ approval: "ap-7", kind: "start" }],
  })
  expect(textOf(result)).toContain("Asks the person, in `fleet inbox`: ap-7 start")
  expect(textOf(result)).toContain("~750K")
  expect(textOf(result)).toContain("Nothing starts before the person has answered")
})

test("quick takes sentences with semicolons, and puts those that change the same file one after the other", async () => {
  const fleet = new FakeFleet()
  await using client = await clientOf(fleet)
  await client.data("run_campaign", { mode: "quick", plan: "fix the login form; update the README" })
  const plan = "Fix the login (id: a) (scope: src/login.ts)\nRename the login (id: b) (scope: src/login.ts)"
  expect(await client.data("run_campaign", { mode: "quick", plan })).toMatchObject({ ordered: [expect.stringMatching(/^b goes after a: /)] })
  expect(startedOf(fleet).map(({ mode, plan: of }) => [mode, of?.tasks.map(({ after }) => after.length)])).toEqual([
    ["quick", [0, 0]],
    ["quick", [0, 1]],
  ])
  expect(await client.refusal("run_campaign", { mode: "quick", plan: "only one thing" })).toContain("code: quick-too-few")
})

test("a plan that is wrong, or said twice, starts nothing", async () => {
  const fleet = new FakeFleet()
  await using client = await clientOf(fleet)
  expect(await client.refusal("run_campaign", { plan: "goal: x\ntasks:\n  - { id: a, prompt: do, after: [nobody] }\n" })).toContain("line 3")
  expect(await client.refusal("run_campaign", { plan: "Do this", spec: "# A spec" })).toContain("give one of them")
  expect(await client.refusal("run_campaign", { mode: "wild" })).toContain("mode")
  expect(fleet.asked).toEqual([])
})

test("a run tells of its waves: which is at work, who had to wait and why, who had no workspace", async () => {
  const fleet = new FakeFleet()
  const moved = ["c waits for a later wave: it writes src/api, as does that of a"]
  fleet.runsThere.push(
    runView("run-1", [taskView("a", { status: "proved" })], {
      campaign: campaignView({ gate: { ...red, colour: "amber", downgrade: "there are 2 independent streams" }, foreseen: [["c", "d"]] }),
      waves: [
        { number: 1, tasks: ["a", "b"], open: false, moved, gaps: ["b"], tokens: 12_000 },
        { number: 2, tasks: ["b"], open: true, moved: [], gaps: [], tokens: null },
      ],
    }),
  )
  await using client = await clientOf(fleet)
  const text = textOf(await client.call("get_run", { run: "run-1" }))
  expect(text).toContain("wave 2 is at work: b")
  expect(text).toContain(`wave 1: a, b (12000 tokens); ${moved[0]}; no workspace for b, so they are in a later wave`)
  expect(text).toContain("to come: c, d")
  expect(text).toContain("instead of what was asked for: there are 2 independent streams")
  expect(text).toContain("- a proved")
  expect(await client.data("get_run", { run: "run-1" })).toMatchObject({
    detail: {
      waves: [
        { number: 1, gaps: ["b"], moved },
        { number: 2, open: true },
      ],
      foreseen: [["c", "d"]],
      handoff: null,
    },
  })
  expect(await client.data("wait", { runs: ["run-1"], timeout_s: 0 })).toMatchObject({
    runs: [{ campaign: { wave: { number: 2, tasks: ["b"], open: true } } }],
  })
})

test("a wave in which all failed, and a choice between strategies, wake who waits, as questions for the person", async () => {
  const fleet = new FakeFleet()
  const asks = (run: string, kind: "wave" | "pick") =>
    runView(run, [], { campaign: campaignView({ hold: kind }), approvals: [approvalView(`ap-${kind}`, { kind, question: "and now?", session: null, run })] })
  fleet.runsThere.push(asks("run-1", "wave"), asks("run-2", "pick"))
  fleet.approvalsThere.push(...fleet.runsThere.flatMap(({ approvals }) => approvals))
  await using client = await clientOf(fleet)
  expect(await client.data("wait", { runs: ["run-1", "run-2"] })).toMatchObject({ timed_out: false, needs_you: ["run-1", "run-2"] })
  const text = textOf(await client.call("wait", { runs: ["run-1", "run-2"], timeout_s: 0 }))
  expect(text).toContain("all of a wave failed, and the person is asked whether it goes on")
  expect(text).toContain("the person is asked which strategy lands")
  expect(textOf(await client.call("list_needs_you"))).toContain("ap-pick pick: and now?")
})

test("a campaign that has ended hands over the HANDOFF block that ends the work, and one that goes on has none", async () => {
  const fleet = new FakeFleet()
  const texts = {
    built: ["tokens"],
    discoveries: ["100 requests a minute"],
    next: ["docs: failed"],
    landed: true,
    mergeConflicts: { count: 0, resolutions: [] },
  }
  const handoff = exitHandoff({ name: "auth", waves: 2, agents: 3, colour: "amber", eachByItself: false, ...texts })
  fleet.runsThere.push(
    runView("run-1", [], { campaign: campaignView({ handoff }), status: "failed", endedAt: 1 }),
    runView("run-2", [], { campaign: campaignView() }),
  )
  await using client = await clientOf(fleet)
  expect(await client.data("get_run", { run: "run-1" })).toMatchObject({ detail: { handoff } })
  expect(textOf(await client.call("get_run", { run: "run-1" }))).toContain(handoff)
  expect(await client.data("get_run", { run: "run-2" })).toMatchObject({ detail: { handoff: null } })
})

test("strategies are compared by what Fleet saw, in the table for the person; nothing picks for them", async () => {
  const fleet = new FakeFleet()
  const strategy = (key: string, more: Partial<Strategy>): Strategy => ({
    task: id(`run-1/${key}`),
    key: id(key),
    title: key,
    branch: `speculative/run-1/${key}`,
    status: "ready",
    why: null,
    checks: { passed: 1, failed: 0, firstFailure: null },
    diff: { files: 2, additions: 10, deletions: 3 },
    complexity: { before: 4, after: 6 },
    benchmark: 12.5,
    benchmarkFailed: null,
    tokens: 900,
    costUsd: null,
    elapsedMs: 61_000,
    decision: "DI container",
    tradeoffs: null,
    tag: null,
    ...more,
  })
  const failed = strategy("factory", { checks: { passed: 0, failed: 3, firstFailure: "tsc" }, status: "failed", why: "a check failed", decision: null })
  fleet.comparison = { ...fleet.comparison, strategies: [strategy("class-based", {}), failed] }
  await using client = await clientOf(fleet)
  const result = await client.call("compare_strategies", { run: "run-1" })
  const text = textOf(result)
  expect(text).toContain("| Strategy | Branch | Typecheck | Key Decision | Notable Tradeoffs |")
  expect(text).toContain("| class-based | speculative/run-1/class-based | ✓ | DI container | - |")
  expect(text).toContain("✗ (3 errors)")
  expect(text).toContain("- class-based ready: 2 files +10 -3, complexity 4 -> 6, benchmark 12.5, 900 tokens, 61 s")
  expect(text).toContain("The person picks: fleet pick <strategy>.")
  expect(result.structuredContent).toMatchObject({ winner: null, strategies: [{ strategy: "class-based" }, { strategy: "factory", why: "a check failed" }] })
})

test("a diagnosis that takes long is joined by the next call, looked again after it was told, and run as a campaign", async () => {
  const fleet = new FakeFleet()
  const looks = [Promise.withResolvers<Diagnosis>(), Promise.withResolvers<Diagnosis>()]
  const begun: number[] = []
  fleet.diagnosis = () => looks[begun.push(0) - 1]?.promise ?? Promise.reject(new Error("too often"))
  await using client = await clientOf(fleet)
  expect(await client.refusal("run_campaign", { diagnosis: true })).toContain("code: no-diagnosis")
  expect(await client.data("diagnose_repository", { timeout_s: 0.01 })).toMatchObject({ done: false })
  expect(await client.refusal("run_campaign", { diagnosis: true })).toContain("call diagnose_repository first")
  looks[0]?.resolve(diagnosisView())
  const told = await client.call("diagnose_repository")
  expect(begun).toHaveLength(1)
  expect(told.structuredContent).toMatchObject({ done: true, queue: [{ rank: 1, task: "mend-tests", title: "Mend the tests", wave: 1 }] })
  expect(textOf(told)).toContain("tests problem: 2 tests fail (npm test)")
  expect(textOf(told)).toContain("not known: lint: there is no linter")
  await client.data("run_campaign", { diagnosis: true })
  expect(startedOf(fleet)).toMatchObject([{ plan: { goal: "Mend it", tasks: [{ key: "mend-tests" }] }, confirmed: "no" }])
  looks[1]?.resolve(diagnosisView({ plan: null, queue: [] }))
  expect(textOf(await client.call("diagnose_repository"))).toContain("Nothing is to be done.")
  expect(await client.refusal("run_campaign", { diagnosis: true })).toContain("code: nothing-to-do")
})

test("a diagnosis that fails is told once, and the next call looks again", async () => {
  const fleet = new FakeFleet()
  fleet.diagnosis = () => Promise.reject(new Error("no worker"))
  await using client = await clientOf(fleet)
  expect(await client.refusal("diagnose_repository")).toContain("no worker")
  fleet.diagnosis = async () => diagnosisView()
  expect(await client.data("diagnose_repository")).toMatchObject({ done: true })
})

test("a campaign of hundreds of tasks and waves fits into the answers", async () => {
  const fleet = new FakeFleet()
  const tasks = Array.from({ length: 600 }, (_, index) => taskView(`task-${index}`, { reason: "x".repeat(300), status: "failed" }))
  const keys = tasks.map(({ key }) => key)
  const waves = Array.from({ length: 200 }, (_, index) => ({
    number: index + 1,
    tasks: keys.slice(0, 50),
    open: false,
    moved: keys.map((key) => `${key} ${"y".repeat(300)}`),
    gaps: keys,
    tokens: 1,
  }))
  const campaign = campaignView({ direction: "z".repeat(50_000), foreseen: waves.map(() => keys), gate: { ...red, downgrade: "w".repeat(5_000) } })
  const approvals = Array.from({ length: 50 }, (_, index) => approvalView(`ap-${index}`, { detail: "v".repeat(5_000) }))
  fleet.runsThere.push(runView("run-1", tasks, { campaign, waves, approvals, endedAt: 1, status: "failed" }))
  await using client = await clientOf(fleet)
  // The client checks that no answer is too large.
  const { detail } = await client.data<{ detail: { waves: { number: number }[]; waves_left_out: number } }>("get_run", { run: "run-1" })
  expect(detail.waves.at(-1)?.number).toBe(200)
  expect(detail.waves.length + detail.waves_left_out).toBe(200)
})
