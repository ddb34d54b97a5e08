/** Fleet for agents without a hub: views that a test sets, and what it was asked for. */
import { createMcpHandler } from "@modelcontextprotocol/server"
import { fault, FaultError } from "../../src/domain/fault.ts"
import { noUsage } from "../../src/domain/session/turn.ts"
import type { CampaignView, StartedCampaign } from "../../src/protocol/campaign-views.ts"
import type { ApprovalView, EventView, RunView, TaskView } from "../../src/protocol/views.ts"
import type { DiscoveryView } from "../../src/protocol/coordination-views.ts"
import type { SessionView } from "../../src/protocol/session-views.ts"
import type { TranscriptEntry } from "../../src/protocol/worker.ts"
import { id } from "../../src/domain/ids.ts"
import type { Comparison } from "../../src/domain/strategy/comparison.ts"
import { Diagnoses } from "../../src/surfaces/mcp/diagnoses.ts"
import type { Diagnosis, Diff, FleetForAgents, Page, PageAsked } from "../../src/surfaces/mcp/fleet-for-agents.ts"
import { makeMcpServer } from "../../src/surfaces/mcp/server.ts"
import { connect, overFetch, type McpClient, type Revision } from "./client.ts"

/** A client of a server over it, in this process. */
export const clientOf = (fleet: FakeFleet, revision: Revision = "2026-07-28"): Promise<McpClient> =>
  connect(revision, overFetch(createMcpHandler(() => makeMcpServer(fleet, "1.2.3")).fetch))

export class FakeFleet implements FleetForAgents {
  self: string | null = null
  caller: FleetForAgents["caller"] = async () => (this.self === null ? { kind: "person" } : { kind: "agent", session: this.self })
  here: string | null = "/repo"
  readonly asked: (readonly [what: string, ...args: unknown[]])[] = []
  readonly runsThere: RunView[] = []
  readonly sessionsThere: SessionView[] = []
  readonly approvalsThere: ApprovalView[] = []
  readonly discoveriesThere: DiscoveryView[] = []
  diff: Diff = { files: [], patch: "", cut: false }
  /** How a campaign that is started looks at once. */
  campaignThen: StartedCampaign = { ...runView("run-1", [], { campaign: campaignView() }), said: [] }
  comparison: Comparison = { direction: "a direction", base: "base", strategies: [], winner: null, pickedAt: null }
  /** What looking at a repository comes to; never, where a test wants that. */
  diagnosis: () => Promise<Diagnosis> = async () => diagnosisView()
  readonly #diagnoses = new Diagnoses()
  /** In parts, as the hub gives them. */
  transcriptParts: TranscriptEntry[][] = []
  readonly #followers = new Set<(event: EventView | null) => void>()
  #number = 0

  /** Something happened: those who follow are told. */
  happens(about: Partial<EventView>): void {
    const event = { number: ++this.#number, at: 0, type: "x", run: null, task: null, session: null, message: null, text: "something happened", ...about }
    for (const follower of this.#followers) follower(event)
  }
  /** The hub goes away from under those who follow. */
  breaks(): void {
    for (const follower of this.#followers) follower(null)
  }
  get followers(): number {
    return this.#followers.size
  }

  async assess(request: unknown): ReturnType<FleetForAgents["assess"]> {
    this.asked.push(["assess", request])
    const { assess } = await import("../../src/domain/plan/assess.ts")
    return assess(request as Parameters<typeof assess>[0])
  }
  review: FleetForAgents["review"] = async (submit) => {
    this.asked.push(["review", submit])
    const tasks = submit.plan.tasks.map(({ key, title }) => ({ key, title, agent: "scripted", scope: [], waits: ["waits for something"], rankMinutes: 1 }))
    return { faults: [], target: "main", tasks }
  }
  submit: FleetForAgents["submit"] = async (submit) => {
    this.asked.push(["submit", submit])
    return runView(
      "run-1",
      submit.plan.tasks.map(({ key, title }) => taskView(key, { title })),
    )
  }
  runs: FleetForAgents["runs"] = async (asked) => pageOf(this.runsThere, asked)
  run: FleetForAgents["run"] = async (name) => found("run", this.runsThere, name)
  stopRun: FleetForAgents["stopRun"] = async (name) => ({ ...found("run", this.runsThere, name), status: "stopping" })
  continueCampaign: FleetForAgents["continueCampaign"] = async (of) =>
    this.#asking("continueCampaign", [of], { run: this.campaignThen, said: this.campaignThen.said })
  startCampaign: FleetForAgents["startCampaign"] = async (of) => this.#asking("startCampaign", [of], this.campaignThen)
  compare: FleetForAgents["compare"] = async (run) => this.#asking("compare", [run], this.comparison)
  diagnose: FleetForAgents["diagnose"] = async (directory, limitMs, signal) =>
    this.#diagnoses.of(directory, () => this.#asking("diagnose", [directory], this.diagnosis()), limitMs, signal)
  diagnosed: FleetForAgents["diagnosed"] = async (directory) => this.#diagnoses.last(directory)
  taskDiff: FleetForAgents["taskDiff"] = async (...args) => this.#asking("taskDiff", args, this.diff)
  sessions: FleetForAgents["sessions"] = async (asked, only) => this.#asking("sessions", [asked, only], pageOf(this.sessionsThere, asked))
  session: FleetForAgents["session"] = async (name) => found("session", this.sessionsThere, name)
  createSession: FleetForAgents["createSession"] = async (of) => {
    const made = sessionView(`s${this.sessionsThere.length}`, { title: of.title ?? "", status: of.prompt === null ? "idle" : "working", notify: of.notify })
    this.sessionsThere.unshift(made)
    return this.#asking("createSession", [of], made)
  }
  promptSession: FleetForAgents["promptSession"] = async (name, of) => {
    found("session", this.sessionsThere, name)
    return this.#asking("promptSession", [name, of], undefined)
  }
  sessionDiff: FleetForAgents["sessionDiff"] = async (name) => this.#asking("sessionDiff", [name], this.diff)
  transcript: FleetForAgents["transcript"] = async (_session, offset) => {
    const entries = this.transcriptParts[offset] ?? []
    return { entries, next: Math.min(offset + 1, this.transcriptParts.length), ended: offset + 1 >= this.transcriptParts.length }
  }
  approvals: FleetForAgents["approvals"] = async () => this.approvalsThere
  answer: FleetForAgents["answer"] = async (approval, allow, note) => {
    const of = found("approval", this.approvalsThere, approval)
    return this.#asking("answer", [approval, allow, note], { ...of, answer: { allow, by: "you", note, at: 1 } })
  }
  claims: FleetForAgents["claims"] = async () => []
  takeClaim: FleetForAgents["takeClaim"] = async (of) =>
    this.#asking("takeClaim", [of], { ...of, id: "c1", holder: "you", task: null, repository: "/repo/.git", since: 0, until: 60_000 })
  releaseClaim: FleetForAgents["releaseClaim"] = async (claim) => this.#asking("releaseClaim", [claim], undefined)
  discoveries: FleetForAgents["discoveries"] = async (asked) => pageOf(this.discoveriesThere, asked)
  reportDiscovery: FleetForAgents["reportDiscovery"] = async (of) =>
    this.#asking("reportDiscovery", [of], { id: "d1", session: of.session, task: null, repository: null, text: of.text, paths: of.paths, at: 0 })
  handOff: FleetForAgents["handOff"] = async (session, items) => this.#asking("handOff", [session, items], undefined)

  async follow(signal: AbortSignal): Promise<AsyncIterable<EventView>> {
    const waiting: (EventView | null)[] = []
    let wake: (() => void) | null = null
    const follower = (event: EventView | null): void => {
      waiting.push(event)
      wake?.()
    }
    const followers = this.#followers
    followers.add(follower)
    signal.addEventListener("abort", () => follower(null), { once: true })
    return (async function* () {
      try {
        for (;;) {
          const next = waiting.shift()
          if (next === null) return
          if (next === undefined) await new Promise<void>((resolve) => (wake = resolve))
          else yield next
        }
      } finally {
        followers.delete(follower)
      }
    })()
  }

  #asking<Answer>(what: string, args: readonly unknown[], answer: Answer): Answer {
    this.asked.push([what, ...args])
    return answer
  }
}

function found<Item extends { readonly id: string }>(what: string, items: readonly Item[], name: string): Item {
  const item = items.find(({ id }) => id === name)
  if (item === undefined) throw new FaultError(fault(`unknown-${what}`, `there is no ${what} ${name}`, "nothing has that name", `list_${what}s tells them`))
  return item
}

function pageOf<Item>(items: readonly Item[], { cursor, limit }: PageAsked): Page<Item> {
  const from = cursor === null ? 0 : Number(cursor)
  return { items: items.slice(from, from + limit), next: from + limit < items.length ? String(from + limit) : null }
}

export function runView(id: string, tasks: readonly TaskView[] = [], more: Partial<RunView> = {}): RunView {
  const counts = { total: tasks.length, done: 0, working: 0, queued: 0, needsYou: 0, failed: 0, cancelled: 0, archived: 0 }
  return {
    id,
    goal: "a goal",
    repository: "/repo",
    target: "main",
    status: "running",
    reason: null,
    startedAt: 0,
    endedAt: null,
    counts,
    usage: noUsage,
    workMs: 0,
    lowerBoundMs: null,
    tasks,
    approvals: [],
    waves: [],
    campaign: null,
    ...more,
  }
}

export function taskView(key: string, more: Partial<TaskView> = {}): TaskView {
  return {
    id: `run-1/${key}`,
    key,
    title: key,
    group: null,
    status: "queued",
    reason: "waits for a slot",
    agent: "scripted",
    after: [],
    scope: [],
    checks: [],
    attempt: 0,
    attemptsMax: 2,
    startedAt: null,
    elapsedMs: null,
    usage: noUsage,
    files: null,
    branch: null,
    workspace: null,
    session: null,
    landed: null,
    proof: null,
    attempts: [],
    ...more,
  }
}

export function sessionView(id: string, more: Partial<SessionView> = {}): SessionView {
  return {
    id,
    title: "a session",
    status: "idle",
    reason: "waits for a prompt",
    agent: "scripted",
    model: null,
    agentSession: null,
    instance: "i",
    task: null,
    parent: null,
    notify: null,
    children: [],
    worker: "w",
    workspace: "ws",
    strategy: "worktree",
    source: "/repo",
    directory: "/work/tree",
    branch: "a-branch",
    base: "base",
    released: false,
    salvage: null,
    waiting: 0,
    turns: 0,
    lastTurn: null,
    usage: noUsage,
    createdAt: 0,
    changedAt: 0,
    endedAt: null,
    ...more,
  }
}

export function approvalView(id: string, more: Partial<ApprovalView> = {}): ApprovalView {
  return { id, run: null, task: null, session: "s1", kind: "permission", question: "rm -rf build?", detail: "", since: 0, holds: [], answer: null, ...more }
}

export function campaignView(more: Partial<CampaignView> = {}): CampaignView {
  return {
    mode: "standard",
    slug: "run-1",
    direction: "a direction",
    planner: null,
    planning: false,
    checks: [],
    gate: null,
    criticism: [],
    foreseen: [],
    foreseenFrom: 1,
    hold: null,
    picked: null,
    sessionFile: ".planning/fleet/session-run-1.md",
    handoff: null,
    ...more,
  }
}

/** The tests of a repository fail, and one task is to mend them. */
export function diagnosisView(more: Partial<Diagnosis> = {}): Diagnosis {
  const ok = { status: "ok" as const, why: "it passed", command: "npm run x", timedOut: false, evidence: "", files: [] }
  const task = { key: id<"task key">("mend-tests"), title: "Mend the tests", prompt: "mend them", after: [], scope: [], type: "build" as const }
  const rest = { agent: null, model: null, role: null, group: null, domain: null, effort: null, checks: [], estimateMinutes: null, timeoutMinutes: null }
  const plan = { version: 1 as const, goal: "Mend it", guardrails: [], checks: [], setup: null, source: { format: "inline" as const, file: null } }
  return {
    findings: {
      typecheck: ok,
      tests: { ...ok, status: "problem", why: "2 tests fail", command: "npm test" },
      lint: { ...ok, status: "unknown", why: "there is no linter", command: null },
      audit: { status: "ok", why: "nothing is known", command: "npm audit", counts: { critical: 0, high: 0, moderate: 0, low: 0 }, packages: [] },
      todos: { status: "ok", why: "there are few", total: 1, directories: [] },
      staleBranches: { status: "ok", why: "there are none", branches: [] },
      notices: [],
    },
    plan: { ...plan, tasks: [{ ...task, ...rest, retries: null, gate: "none", priority: 0, tags: {}, ticked: false, line: null }] },
    queue: [{ rank: 1, task: "mend-tests", wave: 1, why: "failing tests hide other faults" }],
    unknown: ["lint: there is no linter"],
    notices: [],
    ...more,
  }
}
