/** A hub with a campaign whose files are really written, by a worker that does its jobs in imagination: for tests of what stands in those files. */
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { goodResult, plainCampaign, planOf, task, theWorker } from "./world.ts"
import { openPlanning } from "../../src/adapters/planning/planning.ts"
import { MemoryStore } from "../../src/adapters/stores/memory.ts"
import { MemoryRemembered } from "../../src/adapters/stores/remembered-memory.ts"
import { id, type RunId } from "../../src/domain/ids.ts"
import type { Plan, PlanTask } from "../../src/domain/plan/plan.ts"
import type { RepositoryFacts } from "../../src/domain/repository/facts.ts"
import type { Action } from "../../src/domain/project/draft.ts"
import type { Event } from "../../src/domain/project/events.ts"
import type { Campaign } from "../../src/domain/run/campaign.ts"
import { defaultSettings, type RunSettings } from "../../src/domain/run/run.ts"
import { noUsage, type TurnOutcome } from "../../src/domain/session/turn.ts"
import type { Job } from "../../src/domain/worker/job.ts"
import type { JobResult } from "../../src/domain/worker/job-result.ts"
import type { Query } from "../../src/protocol/worker.ts"
import type { PlanningFiles } from "../../src/worker/ports/planning.ts"
import type { PlanningWrite } from "../../src/protocol/planning/record.ts"
import { HandClock } from "../../src/runtime/clock.ts"
import { continueCampaign } from "../../src/engine/continue-campaign.ts"
import { Hub } from "../../src/engine/hub.ts"
import type { Answered, Workers } from "../../src/engine/ports/workers.ts"
import { Recorder } from "../../src/engine/planning/recorder.ts"

export interface Recording extends AsyncDisposable {
  readonly root: string
  readonly hub: Hub
  readonly clock: HandClock
  readonly run: RunId
  readonly complaints: unknown[]
  /** What the worker cannot write this moment. */
  refuse: (write: PlanningWrite) => boolean
  submit(tasks: readonly PlanTask[], settings?: Partial<RunSettings>, campaign?: Partial<Campaign>, plan?: Partial<Plan>): Promise<void>
  /** As `fleet continue` does it. Time goes on by a minute, so that it is later than what was before. */
  continue(agent?: string | null): Promise<RunId>
  /** A recorder is started, does all that there is to do, and ends: as after a restart each time. */
  record(): Promise<void>
  /** One that goes on until it is disposed of. */
  recorder(): Recorder
  /** The cursor is lost, as when a hub died before it could keep it. */
  forget(): Promise<void>
  /** Answers everything but turns. */
  goOn(): Promise<void>
  endTurn(key: string, how?: Partial<TurnOutcome>): Promise<void>
  read(file: string): Promise<string>
  write(file: string, text: string): Promise<void>
  /** A person's editor: the session file with what the change makes of it. */
  edit(change: (text: string) => string): Promise<void>
  session(): Promise<string>
  telemetry(): Promise<Record<string, unknown>[]>
  files(folder: string): Promise<string[]>
}

/** Three that begin together, and one that comes after two of them. */
export const streams = ["api", "ui", "docs"].map((key) => task(key, { title: `Build ${key}`, scope: [`src/${key}/`], role: "builder" }))
export const wirer = task("wire", { title: "Wire it", scope: ["src/api/", "src/ui/"], after: ["api", "ui"], role: "wirer" })

/** Those four, begun. */
export async function campaign(tasks: readonly PlanTask[] = [...streams, wirer]): Promise<Recording> {
  const of = await recording()
  await of.submit(tasks)
  return of
}

/** The row of that name in the work queue, as it stands in the file. */
export const rowOf = async (of: Recording, title: string): Promise<string> =>
  (await of.session()).split("\n").find((line) => line.includes(`| ${title} |`)) ?? ""

export async function recording(): Promise<Recording> {
  const home = await realpath(await mkdtemp(path.join(tmpdir(), "fleet-recorder-")))
  const root = path.join(home, "project")
  await mkdir(path.join(root, ".planning", "coordination", "claims"), { recursive: true })
  const clock = new HandClock(Date.UTC(2026, 3, 1, 10))
  const files = openPlanning({ kept: path.join(home, "kept"), environment: { PATH: process.env["PATH"] }, clock })
  const refusing: Pick<Recording, "refuse"> = { refuse: () => false }
  const planning: PlanningFiles = {
    ...files,
    record: (repository, writes) =>
      writes.some((write) => refusing.refuse(write)) ? Promise.reject(new Error("the disk is full")) : files.record(repository, writes),
  }
  const jobs = new Map<string, Job>()
  const complaints: unknown[] = []
  const remembered = new MemoryRemembered()
  const hub = await Hub.open({
    project: id("p"),
    store: new MemoryStore<Event, Action>(),
    clock,
    openWorkers: async () => workersOver(planning, jobs),
    holdRepository: async () => ({ [Symbol.asyncDispose]: async () => undefined }),
    settings: defaultSettings,
    agent: null,
    setup: null,
    sessions: {} as never,
    places: {} as never,
    directories: {} as never,
    agentEnvironment: () => ({}),
    complain: (error) => void complaints.push(error),
  })
  await hub.send({
    type: "worker.join",
    worker: theWorker,
    offer: { boot: id("b"), pid: 1, slots: 8, labels: [], agents: [{ name: "scripted", slotsMax: null }] },
  })
  const run = id<"run">("run-aaaa")
  const file = path.join(root, ".planning", "fleet", `session-${run}.md`)
  const report = async (job: Job, result: JobResult): Promise<void> => {
    jobs.delete(job.key)
    const sequence = (hub.state.workers.get(theWorker)?.heard ?? 0) + 1
    clock.pass(1_000)
    await hub.send({ type: "worker.report", worker: theWorker, boot: id("b"), sequence, report: { type: "job.done", job: job.key, result } })
  }
  const goOn = async (): Promise<void> => {
    for (let next = notTurn(jobs); next !== undefined; next = notTurn(jobs)) await report(next, landedOr(next))
  }
  const recorder = (): Recorder => new Recorder({ hub, remembered, clock, complain: (error) => void complaints.push(error) })
  return {
    root,
    hub,
    clock,
    run,
    complaints,
    set refuse(refuse: Recording["refuse"]) {
      refusing.refuse = refuse
    },
    submit: async (tasks, settings = {}, campaign = {}, plan = {}) => {
      await hub.send({
        type: "run.submit",
        run,
        plan: { ...planOf(tasks), ...plan },
        repository: root,
        commonDirectory: path.join(root, ".git"),
        ignoreCase: false,
        target: "main",
        settings: { ...defaultSettings, agent: "scripted", waveSize: 3, retries: 0, ...settings },
        campaign: { ...plainCampaign(run), record: true, wavesBefore: 0, ...campaign },
      })
      await goOn()
    },
    continue: async (agent = "scripted") => {
      clock.pass(60_000)
      const started = await continueCampaign(hub, {
        directory: root,
        target: null,
        agent,
        slots: null,
        waveSize: 3,
        confirmMerges: false,
        confirmed: "yes",
        slug: run,
        file: null,
        anyway: true,
      })
      await goOn()
      return started.run
    },
    record: async () => {
      await using _ = recorder()
    },
    recorder,
    forget: () => remembered.dropCursor("planning"),
    goOn,
    endTurn: async (key, how = {}) => {
      const turn = [...jobs.values()].find((job) => job.kind === "session.turn" && job.session.split(".")[1] === key)
      if (turn === undefined) throw new Error(`${key} has no turn`)
      await report(turn, { kind: "session.turn", outcome: { how: "completed", text: "", usage: noUsage, ...how } as TurnOutcome })
      await goOn()
    },
    read: (name) => readFile(path.join(root, name), "utf8"),
    write: (name, text) => writeFile(path.join(root, name), text),
    edit: async (change) => writeFile(file, change(await readFile(file, "utf8"))),
    session: () => readFile(file, "utf8"),
    telemetry: async () => {
      const text = await readFile(path.join(root, ".planning/telemetry/agent-runs.jsonl"), "utf8")
      return text
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Record<string, unknown>)
    },
    files: async (folder) => {
      const names: string[] = await readdir(path.join(root, folder)).catch(() => [])
      return names.toSorted()
    },
    [Symbol.asyncDispose]: async () => {
      await hub[Symbol.asyncDispose]()
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** A commit has a name of hexadecimal digits: the file is asked for it. */
const landedOr = (job: Job): JobResult => {
  const good = goodResult(job)
  return good.kind === "landing.try" ? { kind: good.kind, landing: { how: "landed", commit: "c0ffee1".padEnd(40, "0"), tree: "tree", checks: [] } } : good
}

const notTurn = (jobs: ReadonlyMap<string, Job>): Job | undefined => [...jobs.values()].find((job) => job.kind !== "session.turn")

function workersOver(planning: PlanningFiles, jobs: Map<string, Job>): Workers {
  return {
    send: (_worker, job) => void jobs.set(job.key, job),
    ask: (_worker, query) => answer(planning, query),
    shutdown: () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  }
}

/** A repository in imagination: nothing of it is there but what the campaign writes. */
const factsOf = (root: string): RepositoryFacts => ({
  root,
  commonDirectory: path.join(root, ".git"),
  head: "head",
  branch: "main",
  bare: false,
  dirty: [],
  ignoreCase: false,
  branches: ["main"],
  refCommit: null,
})

async function answer(planning: PlanningFiles, query: Query): Promise<Answered> {
  if (query.ask === "planning") return { ask: "planning", ok: true, look: await planning.look(query.repository, query) }
  if (query.ask === "record") return { ask: "record", ok: true, recorded: await planning.record(query.repository, query.writes) }
  if (query.ask === "harness") return { ask: "harness", ok: true, harness: await planning.harness(query.repository) }
  if (query.ask === "inspect") return { ask: "inspect", ok: true, repository: factsOf(query.directory) }
  // Whatever landed is there.
  if (query.ask === "holds") return { ask: "holds", ok: true, held: query.commits }
  if (query.ask === "agents") return { ask: "agents", ok: true, agents: [] }
  if (query.ask === "session-files") return { ask: "session-files", ok: true, files: await planning.sessionFiles(query.repository) }
  throw new Error(`nobody answers ${query.ask} here`)
}
