import { expect, test } from "vitest"
import { id } from "../domain/ids.ts"
import { noUsage, type TurnOutcome } from "../domain/session/turn.ts"
import type { InterruptTurn, OpenSession, RunTurn } from "../domain/worker/job.ts"
import { HandClock } from "../runtime/clock.ts"
import type { WorkerParts } from "./parts.ts"
import { PortBlocks } from "./port-blocks.ts"
import { nothingOffered, type AgentSession, type SessionListener } from "./ports/agent.ts"
import { Sessions } from "./sessions.ts"
import { Transcripts } from "./transcript.ts"

const session = id<"session">("s")
const workspace = id<"workspace">("w")
const open: OpenSession = { kind: "session.open", key: id("open"), session, workspace, agent: "fake", model: null, effort: null, resume: null, environment: {} }
const turn: RunTurn = {
  kind: "session.turn",
  key: id("turn"),
  session,
  prompt: "do it",
  attachments: [],
  model: null,
  mode: null,
  stallMs: 60_000,
  context: null,
}
const interrupt: InterruptTurn = { kind: "session.interrupt", key: id("interrupt"), session }
const calm = new AbortController().signal
const unused = (): never => {
  throw new Error("not asked for here")
}

/** Works until it is interrupted. */
function endlessAgent(listener: SessionListener): AgentSession {
  let running = Promise.withResolvers<TurnOutcome>()
  return {
    agentSession: "a1",
    resumed: false,
    agentVersion: null,
    prompt: () => {
      running = Promise.withResolvers<TurnOutcome>()
      listener.started()
      return running.promise
    },
    interrupt: async () => running.resolve({ how: "interrupted", text: "", usage: noUsage }),
    steer: async () => "cannot",
    answer: async () => false,
    offers: async () => nothingOffered,
    close: async () => undefined,
  }
}

function sessions(opening: Promise<void> = Promise.resolve()): { sessions: Sessions; bases: (string | null)[] } {
  const bases: (string | null)[] = []
  const parts: Partial<WorkerParts> = {
    clock: new HandClock(),
    boot: id("b1"),
    homeId: "h1",
    environment: {},
    agents: {
      offered: [],
      passedVariables: () => [],
      look: async () => [],
      driver: async () => ({ open: (_request, listener) => opening.then(() => endlessAgent(listener)), [Symbol.asyncDispose]: async () => undefined }),
      [Symbol.asyncDispose]: async () => undefined,
    },
    processes: { cpuMs: async () => 0, end: async () => 0 },
    checkouts: {
      head: async () => "head",
      uncommitted: unused,
      restore: unused,
      changedSince: async (_directory, base) => {
        bases.push(base)
        return []
      },
      personKnown: async () => true,
    },
    ports: new PortBlocks(3),
    // Nothing can be made below a file: what is said is dropped.
    transcripts: new Transcripts("/dev/null/transcripts"),
    decide: () => "ask",
    report: () => undefined,
    progress: () => undefined,
    graceMs: 1_000,
  }
  const workspaces: Partial<WorkerParts["workspaces"]> = { locate: async () => "/" }
  return { sessions: new Sessions({ ...parts, workspaces } as WorkerParts), bases }
}

test("an interrupt does not wait behind the turn that it is to stop", async () => {
  const { sessions: of } = sessions()
  await of.open(open, calm)
  const running = of.turn(turn)
  expect(await of.interrupt(interrupt)).toBe(true)
  expect(await running).toMatchObject({ how: "interrupted" })
  expect(await of.interrupt({ ...interrupt, key: id("again") })).toBe(false)
  const second = of.turn({ ...turn, key: id("second") })
  expect(await of.interrupt({ ...interrupt, key: id("third") })).toBe(true)
  expect(await second).toMatchObject({ how: "interrupted" })
})

test("an interrupt of a turn that waits until its session is open is not lost", async () => {
  const opening = Promise.withResolvers<void>()
  const { sessions: of } = sessions(opening.promise)
  const opened = of.open(open, calm)
  const running = of.turn(turn)
  const interrupted = of.interrupt(interrupt)
  opening.resolve()
  await opened
  expect([await interrupted, (await running).how]).toEqual([true, "interrupted"])
})

test("a session that is not known takes no turn and no interrupt, and says the way on for tasks and for others", async () => {
  const { sessions: of } = sessions()
  expect(await of.interrupt(interrupt)).toBe(false)
  const failed = of.turn(turn)
  const interrupted = of.interrupt(interrupt)
  await expect(failed).rejects.toMatchObject({
    fault: { code: "session.unknown", fix: "The session of a task: fleet retry <task>. Any other: prompt it again, and it is opened anew." },
  })
  expect(await interrupted).toBe(false)
})

test("a workspace that has no commit to count from is known to have none; one of an earlier life is looked at", async () => {
  const { sessions: of, bases } = sessions()
  of.bases.set(workspace, null)
  await of.open(open, calm)
  const first = of.turn(turn)
  await of.interrupt(interrupt)
  await first
  expect(bases).toEqual([])
  await of.close({ kind: "session.close", key: id("close"), session })
  of.bases.delete(workspace)
  await of.open({ ...open, key: id("open again") }, calm)
  const second = of.turn(turn)
  await of.interrupt(interrupt)
  await second
  expect(new Set(bases)).toEqual(new Set(["head"]))
})
