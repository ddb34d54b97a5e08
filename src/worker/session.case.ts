/** A session with an agent that is played by hand, and all that it tells. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { id } from "../domain/ids.ts"
import { noUsage, type PermissionRequest, type Steering, type TurnOutcome } from "../domain/session/turn.ts"
import type { OpenSession, RunTurn } from "../domain/worker/job.ts"
import type { Report } from "../domain/worker/job-result.ts"
import type { Offers, Progress } from "../protocol/worker.ts"
import { HandClock } from "../runtime/clock.ts"
import type { SessionParts } from "./parts.ts"
import { PortBlocks } from "./port-blocks.ts"
import { nothingOffered, type AgentSession, type OpenRequest, type PromptExtras, type SessionListener } from "./ports/agent.ts"
import { Session } from "./session.ts"
import { Transcripts } from "./transcript.ts"

const open: OpenSession = {
  kind: "session.open",
  key: id("open:s"),
  session: id("s"),
  workspace: id("w"),
  agent: "fake",
  model: null,
  effort: null,
  resume: null,
  environment: {},
}
export const turn: RunTurn = {
  kind: "session.turn",
  key: id("turn:s"),
  session: id("s"),
  prompt: "do it",
  attachments: [],
  model: null,
  mode: null,
  stallMs: 40_000,
  context: null,
}
export const request: PermissionRequest = { permission: "p1", kind: "run", title: "rm -rf build", paths: [], command: "rm -rf build" }
export const completed: TurnOutcome = { how: "completed", text: "done", usage: noUsage }
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** An agent played by hand. `obeys` false: it does not stop when it is asked to, nor when it is closed. */
class FakeAgent implements AgentSession {
  readonly agentSession = "a1"
  readonly resumed = false
  readonly agentVersion = "1"
  readonly calls: string[] = []
  readonly answers: unknown[] = []
  obeys: "interrupt" | "close" | "nothing" = "interrupt"
  listener!: SessionListener
  request!: OpenRequest
  #turn = Promise.withResolvers<TurnOutcome>()

  extras: PromptExtras | undefined
  prompt(text: string, extras?: PromptExtras): Promise<TurnOutcome> {
    this.calls.push(`prompt ${text}`)
    this.extras = extras
    this.#turn = Promise.withResolvers()
    return this.#turn.promise
  }
  end(outcome: TurnOutcome): void {
    this.#turn.resolve(outcome)
  }
  /** Takes what is said to it when it is told to, by `takes`. */
  takes: Promise<Steering> = Promise.resolve("taken")
  steer(text: string): Promise<Steering> {
    this.calls.push(`steer ${text}`)
    return this.takes
  }
  async answer(permission: string, allow: boolean, note: string | null): Promise<boolean> {
    this.answers.push([permission, allow, note])
    return true
  }
  async offers(): Promise<Offers> {
    return { ...nothingOffered, modes: [{ name: "plan", description: "" }] }
  }
  async interrupt(): Promise<void> {
    this.calls.push("interrupt")
    if (this.obeys === "interrupt") this.end({ how: "interrupted", text: "", usage: noUsage })
  }
  async close(): Promise<void> {
    this.calls.push("close")
    if (this.obeys === "close") this.end({ how: "lost", message: "gone", text: "", usage: noUsage })
  }
}

export async function world(decide: SessionParts["decide"] = () => "ask") {
  const directory = await mkdtemp(join(tmpdir(), "fleet session-"))
  const clock = new HandClock()
  const agent = new FakeAgent()
  const reports: Report[] = []
  const progress: Progress[] = []
  const swept: string[] = []
  const changed: string[] = []
  const transcripts = new Transcripts(join(directory, "transcripts"))
  const parts: SessionParts = {
    clock,
    boot: id("b1"),
    homeId: "h1",
    environment: { PATH: "/bin" },
    agents: {
      offered: [],
      passedVariables: () => [],
      look: async () => [],
      driver: async () => ({
        open: async (asked, listener) => {
          agent.listener = listener
          agent.request = asked
          return agent
        },
        [Symbol.asyncDispose]: async () => undefined,
      }),
      [Symbol.asyncDispose]: async () => undefined,
    },
    processes: { cpuMs: async () => 0, end: async (session) => swept.push(session) },
    checkouts: {
      head: async () => "c0",
      uncommitted: async () => [],
      restore: async () => undefined,
      changedSince: async () => changed,
      personKnown: async () => true,
    },
    ports: new PortBlocks(7),
    transcripts,
    decide,
    report: (report) => reports.push(report),
    progress: (latest) => progress.push(latest),
    graceMs: 1_000,
  }
  const reopen = async (): Promise<Session> => {
    const opened = new Session(parts, open, { directory, base: "c0" })
    await opened.open()
    return opened
  }
  const session = await reopen()
  /** Lets time pass in steps, so that what falls due is over before the next. */
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 500) {
      clock.pass(500)
      await settled()
    }
  }
  const told = async () => (await transcripts.read(id("s"), 0, 1_000_000)).entries.map((entry) => `${entry.type}: ${entry.text}`)
  return {
    agent,
    session,
    reopen,
    clock,
    reports,
    progress,
    swept,
    changed,
    pass,
    told,
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  }
}
