/**
 * Fleet for tests, in domain words: a real hub, worker and scripted agents as processes of their own, on a repository of its own.
 * Disposing it proves that nothing is left: no process, no worktree, no branch of Fleet's, and an untouched checkout.
 */
import { spawn, type ChildProcess } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, mkdir, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises"
import { closeSync, openSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { sibling } from "../../src/main/entry.ts"
import type { PlanTask } from "../../src/domain/plan/plan.ts"
import type { Plan } from "../../src/domain/plan/plan.ts"
import type { StartCampaign } from "../../src/protocol/campaign-views.ts"
import type { RunView, SubmitRun, TaskView } from "../../src/protocol/views.ts"
import { endMarked, findMarked } from "../../src/runtime/marked.ts"
import { HubClient } from "../../src/surfaces/cli/client.ts"
import { eventually } from "../eventually.ts"
import { repository, type TestRepository } from "../repository.ts"
import { planOf } from "../world/world.ts"

export interface ScenarioOptions {
  readonly files?: Record<string, string>
  readonly slots?: number
  /** The person's config.yaml. */
  readonly config?: string
  /** Name of the repository's directory. */
  readonly repository?: string
  readonly environment?: Record<string, string>
}

const settleLimitMs = 300_000

export async function scenario(options: ScenarioOptions = {}): Promise<Scenario> {
  const home = await realpath(await mkdtemp(path.join(tmpdir(), "fl-")))
  await mkdir(path.join(home, "person"))
  await writeFile(path.join(home, "config.yaml"), options.config ?? "defaults: { agent: scripted }\n")
  const repo = await repository(options.files ?? { "README.md": "# A project\n" }, options.repository)
  const of = new Scenario(home, repo, options)
  await of.startHub()
  return of
}

export class Scenario implements AsyncDisposable {
  readonly home: string
  readonly repo: TestRepository
  readonly client: HubClient
  readonly #options: ScenarioOptions
  #hub: ChildProcess | null = null
  #run = "@last"

  constructor(home: string, repo: TestRepository, options: ScenarioOptions) {
    this.home = home
    this.repo = repo
    this.client = new HubClient(home)
    this.#options = options
  }

  /** The environment that a person's shell would give to `fleet`. */
  get environment(): Record<string, string> {
    return {
      PATH: process.env["PATH"] ?? "",
      HOME: path.join(this.home, "person"),
      XDG_CACHE_HOME: process.env["XDG_CACHE_HOME"] ?? "",
      FLEET_HOME: this.home,
      FLEET_CONFIG: path.join(this.home, "config.yaml"),
      FLEET_PORT: "0",
      ...(this.#options.slots === undefined ? {} : { FLEET_SLOTS: String(this.#options.slots) }),
      GIT_CONFIG_GLOBAL: "/dev/null",
      ...this.#options.environment,
    }
  }

  async startHub(): Promise<void> {
    const log = openSync(path.join(this.home, "hub.log"), "a")
    this.#hub = spawn(process.execPath, [sibling("hub"), "--home", this.home], { env: this.environment, stdio: ["ignore", log, log] })
    closeSync(log)
    const gone = once(this.#hub, "exit").then(async ([code]) => {
      throw new Error(`the hub ended with ${String(code)}:\n${await this.log("hub")}`)
    })
    gone.catch(() => undefined)
    await Promise.race([gone, eventually("the hub answers", () => this.client.hub().catch(() => null))])
  }

  /** Starts another hub on the same home and says how it ended. */
  async secondHub(): Promise<{ code: number | null; output: string }> {
    const other = spawn(process.execPath, [sibling("hub"), "--home", this.home], { env: this.environment, stdio: ["ignore", "ignore", "pipe"] })
    let output = ""
    other.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()))
    const [code] = (await once(other, "close")) as [number | null]
    return { code, output }
  }

  /** SIGKILL, and it is gone. */
  async killHub(): Promise<void> {
    if (this.#hub === null) return
    const gone = once(this.#hub, "exit")
    this.#hub.kill("SIGKILL")
    await gone
    this.#hub = null
  }

  async killWorker(): Promise<void> {
    const pid = await this.workerPid()
    process.kill(pid, "SIGKILL")
    await eventually("the worker is gone", () => !alive(pid))
  }

  /** The hub, the worker or an agent, by chance. */
  async killSomething(random: () => number): Promise<void> {
    const which = random()
    if (which < 0.35) {
      await this.killHub()
      await this.startHub()
    } else if (which < 0.65) await this.killWorker()
    else {
      const agents = await this.agentProcesses()
      const victim = agents[Math.floor(random() * agents.length)]
      if (victim !== undefined) this.killProcess(victim)
    }
  }

  async workerPid(): Promise<number> {
    return eventually("a worker is connected", async () => (await this.client.workers().catch(() => [])).find((worker) => worker.connected)?.pid)
  }

  /** Submits a plan; the run is then the one that the other words speak of. */
  async submit(tasks: readonly PlanTask[], more: Partial<Plan> & Partial<Omit<SubmitRun, "plan">> = {}): Promise<string> {
    const { directory = this.repo.path, target = null, agent = null, slots = null, waveSize = null, ...plan } = more
    const run = await this.client.submit({ plan: { ...planOf(tasks), ...plan }, directory, target, agent, slots, waveSize })
    this.#run = run.id
    return run.id
  }

  /** Starts a campaign; its run is then the one that the other words speak of. */
  async start(of: StartCampaign): Promise<string> {
    const run = await this.client.startCampaign(of)
    this.#run = run.id
    return run.id
  }

  view(): Promise<RunView> {
    return this.client.run(this.#run)
  }

  async task(key: string): Promise<TaskView> {
    return this.client.task((await this.view()).id, key)
  }

  /** Waits on the live stream until the run is as wanted; a hub that dies meanwhile is waited for. */
  async until(what: string, wanted: (run: RunView) => boolean, limitMs = settleLimitMs): Promise<RunView> {
    const limit = AbortSignal.timeout(limitMs)
    let last: RunView | null = null
    while (!limit.aborted) {
      try {
        for await (const event of this.client.live(this.#run, null, limit)) {
          if (event.event !== "run") continue
          last = JSON.parse(event.data) as RunView
          if (wanted(last)) return last
        }
        if (last !== null && last.endedAt !== null) break
      } catch {
        if (limit.aborted) break
        await eventually("the hub answers again", () => this.client.hub().catch(() => null), limitMs)
      }
    }
    throw new Error(`waited in vain: ${what}\n${describe(last)}\n${await this.log("hub")}\n${await this.log("worker")}`)
  }

  settled(limitMs = settleLimitMs): Promise<RunView> {
    return this.until("the run has settled", (run) => run.endedAt !== null, limitMs)
  }

  untilTask(key: string, status: TaskView["status"]): Promise<RunView> {
    return this.until(`${key} is ${status}`, (run) => run.tasks.some((task) => task.key === key && task.status === status))
  }

  /** Waits for some changes of the run to be seen; true when it settled before. */
  async settlesWithin(changes: number): Promise<boolean> {
    let seen = 0
    const run = await this.until(`${changes} changes`, (view) => ++seen >= changes || view.endedAt !== null)
    return run.endedAt !== null
  }

  /** Waits for a program of that name to run below Fleet. */
  async untilProgram(name: string): Promise<void> {
    await eventually(`a process of ${name}`, async () => (await this.processes()).some((found) => found.endsWith(` ${name}`)))
  }

  /** Waits for as many processes of that name below Fleet; they, by number. */
  async untilPrograms(name: string, count: number, limitMs = 60_000): Promise<number[]> {
    return eventually(
      `${count} processes of ${name}`,
      async () => {
        const found = (await this.processes()).filter((one) => one.endsWith(` ${name}`)).map((one) => Number.parseInt(one, 10))
        return found.length >= count && found.toSorted((a, b) => a - b)
      },
      limitMs,
    )
  }

  /** Processes of agents and of what they started. */
  async agentProcesses(): Promise<number[]> {
    const marked = new Set((await findMarked("FLEET_SESSION")).map((found) => found.pid))
    return (await findMarked("HOME", path.join(this.home, "person"))).map((found) => found.pid).filter((pid) => marked.has(pid))
  }

  /** As a person would who tidies up; the hub is on its own from here. */
  async deleteHome(): Promise<void> {
    await rm(this.home, { recursive: true, force: true, maxRetries: 5 })
    this.#hub = null
  }

  killProcess(pid: number): void {
    try {
      process.kill(pid, "SIGKILL")
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error
    }
  }

  async processesGone(): Promise<void> {
    await eventually("no process of this scenario is left", async () => (await this.processes()).length === 0)
  }

  /** What follows the end of a run has been done too: workspaces are released, the pool is empty. */
  async tidied(): Promise<void> {
    await eventually("nothing of Fleet's is left in the repository", async () => (await this.leftovers()).length === 0).catch(() => undefined)
  }

  /** Commits on the target that this run's tasks made, oldest first, by task. */
  async landed(target = "main"): Promise<string[]> {
    const text = await this.repo.git("log", "--reverse", "--first-parent", "--format=%(trailers:key=Fleet-Task,valueonly,separator=)", target)
    return text.split("\n").filter((line) => line !== "")
  }

  async file(name: string, target = "main"): Promise<string> {
    return this.repo.git("show", `${target}:${name}`)
  }

  async log(of: "hub" | "worker"): Promise<string> {
    const text = await readFile(path.join(this.home, `${of}.log`), "utf8").catch(() => "")
    return `--- ${of}.log\n${text.slice(-4_000)}`
  }

  async transcript(session: string): Promise<string> {
    return (await this.client.transcript(session, 0)).entries.map((entry) => `${entry.type}: ${entry.text}`).join("\n")
  }

  /** Every page of it. */
  async wholeTranscript(session: string): Promise<string> {
    let text = ""
    for (let offset = 0; ;) {
      const page = await this.client.transcript(session, offset)
      text += page.entries.map((entry) => `${entry.type}: ${entry.text}\n`).join("")
      if (page.next <= offset) return text
      offset = page.next
    }
  }

  /** Everything of Fleet's that a finished run must not leave in the repository or beside it. */
  async leftovers(): Promise<string[]> {
    const worktrees = (await this.repo.git("worktree", "list", "--porcelain"))
      .split("\n")
      .filter((line) => line.startsWith("worktree "))
      .slice(1)
    const refs = (await this.repo.git("for-each-ref", "--format=%(refname)", "refs/heads/fleet", "refs/fleet")).split("\n").filter((line) => line !== "")
    const checkout = (await this.repo.git("status", "--porcelain")).split("\n").filter((line) => line !== "")
    const directories = await readdir(path.join(this.home, "workspaces")).catch(() => [])
    return [...worktrees, ...refs, ...checkout, ...directories]
  }

  async processes(): Promise<string[]> {
    return (await findMarked("HOME", path.join(this.home, "person"))).map((found) => `${found.pid} ${found.command}`)
  }

  async stop(also: { worker: boolean } = { worker: true }): Promise<void> {
    if (this.#hub === null) return
    const gone = once(this.#hub, "exit")
    await this.client.stopHub(also.worker)
    await gone
    this.#hub = null
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A hub that was killed leaves its worker: the mark finds it, whatever the test did.
    await (this.#hub === null ? endMarked({ name: "HOME", value: path.join(this.home, "person"), graceMs: 2_000 }) : this.stop())
    try {
      await eventually("every process of this scenario is gone", async () => (await this.processes()).length === 0)
    } catch (error) {
      throw new Error(`left behind: ${(await this.processes()).join("; ")}\n${await this.log("worker")}`, { cause: error })
    }
    await this.repo[Symbol.asyncDispose]()
    await rm(this.home, { recursive: true, force: true, maxRetries: 5 })
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

export function describe(run: RunView | null): string {
  if (run === null) return "no view of the run ever came"
  return [`run ${run.status}: ${run.reason ?? ""}`, ...run.tasks.map((task) => `  ${task.key}: ${task.status} (attempt ${task.attempt}): ${task.reason}`)].join(
    "\n",
  )
}
