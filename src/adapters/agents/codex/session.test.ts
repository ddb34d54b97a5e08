import { afterEach, beforeEach, expect, test, vi } from "vitest"
import type { Json } from "../fields.ts"
import type { Peer } from "./peer.ts"
import { CodexSession } from "./session.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test("while there is no network codex tries again for ever, so the turn ends after a minute, however often it says so", async () => {
  const { session, retries } = running()
  const turn = session.prompt("go")
  retries()
  await vi.advanceTimersByTimeAsync(40_000)
  retries()
  await vi.advanceTimersByTimeAsync(25_000)
  expect(await turn).toMatchObject({ how: "failed", error: { class: "network" } })
})

test("a network that comes back in time ends the waiting", async () => {
  const { session, retries, notify } = running()
  const turn = session.prompt("go")
  retries()
  notify("item/started", { item: { id: "1", type: "agentMessage" } })
  await vi.advanceTimersByTimeAsync(120_000)
  notify("turn/completed", { turn: { id: "t", status: "completed" } })
  expect(await turn).toMatchObject({ how: "completed" })
})

/** A session whose codex has begun its turn and obeys an interrupt. Its messages are those that codex 0.169 sends. */
function running(): { session: CodexSession; retries: () => void; notify: (method: string, params: Json) => void } {
  const notify = (method: string, params: Json): void => session.notified(method, { threadId: "thread", ...params })
  const peer: Pick<Peer, "request" | "respond"> = {
    request: (method) => {
      if (method === "turn/start") notify("turn/started", { turn: { id: "t" } })
      if (method === "turn/interrupt") notify("turn/completed", { turn: { id: "t", status: "interrupted" } })
      return Promise.resolve({})
    },
    respond: () => undefined,
  }
  const nothing = (): void => undefined
  const session = new CodexSession({
    // Nothing else of it is used by a session.
    peer: peer as Peer,
    listener: { started: nothing, said: nothing, asked: nothing, withdrawn: nothing, used: nothing, died: nothing },
    thread: "thread",
    resumed: false,
    model: null,
    effort: null,
    agentVersion: null,
    allowAll: true,
    graceMs: 1_000,
    limitResetAt: () => null,
    closed: nothing,
  })
  const retries = (): void =>
    notify("error", { willRetry: true, error: { message: "Reconnecting", codexErrorInfo: { responseStreamConnectionFailed: { httpStatusCode: null } } } })
  return { session, retries, notify }
}
