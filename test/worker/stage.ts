/** A real worker process with a recording hub, scripted agents and a repository of its own. Disposing it proves that no process is left. */
import { spawn, type ChildProcess } from "node:child_process"
import { once } from "node:events"
import { closeSync, openSync } from "node:fs"
import { mkdtemp, mkdir, readFile, realpath, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { id } from "../../src/domain/ids.ts"
import type { Job, PrepareWorkspace } from "../../src/domain/worker/job.ts"
import type { JobResult, Report } from "../../src/domain/worker/job-result.ts"
import type { Answer, Query } from "../../src/protocol/worker.ts"
import { sibling } from "../../src/main/entry.ts"
import { findMarked } from "../../src/runtime/marked.ts"
import { eventually } from "../eventually.ts"
import { repository, type TestRepository } from "../repository.ts"
import type { Recorded, Told } from "./recording-hub.ts"

const recordingHub = fileURLToPath(new URL("./recording-hub.ts", import.meta.url))

export interface StageOptions {
  readonly config?: string
  readonly environment?: Record<string, string>
}

export async function stage(options: StageOptions = {}): Promise<Stage> {
  const home = await realpath(await mkdtemp(path.join(tmpdir(), "fl-")))
  await mkdir(path.join(home, "person"))
  await writeFile(path.join(home, "config.yaml"), options.config ?? "")
  const of = new Stage(home, await repository({ "README.md": "# A project\n" }), options)
  await of.startHub()
  return of
}

interface OpenExtra {
  readonly agent?: string
  readonly resume?: string
  readonly prepare?: Partial<PrepareWorkspace>
}

export class Stage implements AsyncDisposable {
  readonly home: string
  readonly repo: TestRepository
  readonly #options: StageOptions
  #hub: ChildProcess | null = null
  #worker: ChildProcess | null = null

  constructor(home: string, repo: TestRepository, options: StageOptions) {
    this.home = home
    this.repo = repo
    this.#options = options
  }

  async startHub(): Promise<void> {
    this.#hub = spawn(process.execPath, [recordingHub, path.join(this.home, "worker.sock"), path.join(this.home, "heard.jsonl")], {
      stdio: ["pipe", "pipe", "inherit"],
    })
    this.#hub.stdin?.on("error", () => undefined)
    if (this.#hub.stdout === null) throw new Error("no stdout")
    await once(this.#hub.stdout, "data")
    this.#hub.stdout.resume()
  }

  async killHub(): Promise<void> {
    const hub = this.#hub
    this.#hub = null
    if (hub === null) return
    hub.kill("SIGKILL")
    if (hub.exitCode === null && hub.signalCode === null) await once(hub, "exit")
  }

  /** Resolves to its process id when it has said hello. */
  async startWorker(): Promise<number> {
    const log = openSync(path.join(this.home, "worker.log"), "a")
    const before = (await this.heard()).length
    this.#worker = spawn(process.execPath, [sibling("worker"), "--home", this.home], { env: this.#environment(), stdio: ["ignore", log, log] })
    closeSync(log)
    const connected = await eventually("the worker says hello", async () => (await this.heard()).slice(before).find((line) => line.type === "connected")).catch(
      async (error: unknown) => {
        throw new Error(await this.log(), { cause: error })
      },
    )
    return connected.type === "connected" ? connected.pid : 0
  }

  /** Starts another one beside it; resolves to its exit code. */
  async secondWorker(...also: readonly string[]): Promise<number | null> {
    const second = spawn(process.execPath, [sibling("worker"), "--home", this.home, ...also], { env: this.#environment(), stdio: "ignore" })
    const [code] = (await once(second, "exit")) as [number | null]
    return code
  }

  /** Resolves to the exit code, null when a signal ended it. */
  async signalWorker(signal: NodeJS.Signals): Promise<number | null> {
    this.#worker?.kill(signal)
    return this.workerExit()
  }

  /** Waits until the worker has ended. */
  async workerExit(): Promise<number | null> {
    const worker = this.#worker
    if (worker === null) return null
    if (worker.exitCode === null && worker.signalCode === null) await once(worker, "exit")
    this.#worker = null
    return worker.exitCode
  }

  tell(told: Told): void {
    this.#hub?.stdin?.write(`${JSON.stringify(told)}\n`)
  }

  async do(job: Job): Promise<JobResult> {
    this.tell({ job })
    return this.result(job.key)
  }

  async result(key: string): Promise<JobResult> {
    const report = await this.report((of) => (of.type === "job.done" || of.type === "job.failed") && of.job === key)
    if (report.type !== "job.done") throw new Error(`${JSON.stringify(report)}\n${await this.log()}`)
    return report.result
  }

  async report(is: (report: Report) => boolean): Promise<Report> {
    return eventually("a report", async () => (await this.reports()).find(is)).catch(async (error: unknown) => {
      throw new Error(`${(await this.reports()).map((report) => JSON.stringify(report)).join("\n")}\n${await this.log()}`, { cause: error })
    })
  }

  /** One question at a time. */
  async ask(query: Query): Promise<Answer> {
    const before = (await this.#answers()).length
    this.tell({ query })
    return eventually("an answer", async () => (await this.#answers())[before])
  }

  async #answers(): Promise<Answer[]> {
    return (await this.heard()).flatMap((line) => (line.type === "answer" ? [line.answer as Answer] : []))
  }

  async heard(): Promise<Recorded[]> {
    const text = await readFile(path.join(this.home, "heard.jsonl"), "utf8").catch(() => "")
    // The last line may not be written whole yet.
    return text
      .slice(0, text.lastIndexOf("\n") + 1)
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Recorded)
  }

  async reports(): Promise<Report[]> {
    return (await this.heard()).flatMap((line) => (line.type === "reported" ? [line.report.report] : []))
  }

  log(): Promise<string> {
    return readFile(path.join(this.home, "worker.log"), "utf8").catch(() => "")
  }

  /** Makes a workspace and opens a session of the scripted agent in it. Resolves to the workspace's path. */
  async open(session: string, extra: OpenExtra = {}): Promise<string> {
    const workspace = id<"workspace">(`run.${session}`)
    const prepared = await this.do({
      kind: "workspace.prepare",
      key: id(`prepare:${session}`),
      workspace,
      strategy: "worktree",
      repository: this.repo.path,
      branch: `fleet/run/${session}`,
      base: "main",
      path: null,
      branchThere: "refuse",
      merge: null,
      setup: null,
      instance: null,
      ...extra.prepare,
    })
    if (prepared.kind !== "workspace.prepare") throw new Error("not prepared")
    await this.do({
      kind: "session.open",
      key: id(`open:${session}:${extra.resume ?? ""}`),
      session: id(session),
      workspace,
      agent: extra.agent ?? "scripted",
      model: null,
      effort: null,
      resume: extra.resume ?? null,
      environment: { FLEET_TASK: session },
    })
    return prepared.prepared.path
  }

  turn(session: string, prompt: string, stallMs = 600_000): Job {
    const key = id<"job">(`turn:${session}:${prompt.slice(0, 200)}`)
    return { kind: "session.turn", key, session: id(session), prompt, attachments: [], model: null, mode: null, stallMs, context: null }
  }

  /** Commands of the living processes that carry a session's mark. */
  async living(session: string): Promise<string[]> {
    return (await findMarked("FLEET_SESSION", session)).map((found) => found.command)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const worker = this.#worker
    if (worker !== null) await this.signalWorker("SIGTERM")
    await this.killHub()
    const { FLEET_STAGE: mark = "" } = this.#environment()
    await eventually("everything that carries the stage's mark is gone", async () => (await findMarked("FLEET_STAGE", mark)).length === 0)
    await this.repo[Symbol.asyncDispose]()
    await rm(this.home, { recursive: true, force: true, maxRetries: 3 })
  }

  #environment(): Record<string, string> {
    return {
      PATH: process.env["PATH"] ?? "",
      HOME: path.join(this.home, "person"),
      XDG_CACHE_HOME: process.env["XDG_CACHE_HOME"] ?? "",
      FLEET_CONFIG: path.join(this.home, "config.yaml"),
      FLEET_SLOTS: "6",
      FLEET_STAGE: this.home,
      XDG_STATE_HOME: path.join(this.home, "person", "state"),
      ...this.#options.environment,
    }
  }
}
