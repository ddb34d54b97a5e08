/** What a session makes of a server whose events are lost. Its answers are those of opencode 1.18.33. */
import { expect, test } from "vitest"
import type { SessionListener } from "../../../worker/ports/agent.ts"
import type { Api } from "./api.ts"
import { Effort } from "./effort.ts"
import type { PluginFiles } from "./plugin.ts"
import type { Server } from "./server.ts"
import { OpencodeSession } from "./session.ts"

const user = { info: { id: "msg_1", role: "user", agent: "build" }, parts: [{ id: "prt_1", messageID: "msg_1", type: "text", text: "go" }] }
const answer = (info: object, words = "done"): object => ({
  info: { id: "msg_2", role: "assistant", parentID: "msg_1", tokens: { input: 3, output: 2, reasoning: 1, cache: { read: 5, write: 4 } }, ...info },
  parts: [{ id: "prt_2", messageID: "msg_2", type: "text", text: words, time: { end: 1 } }],
})

test("a turn of which not one event arrives is begun, read and ended all the same", async () => {
  const { session, heard, show } = running()
  const turn = session.prompt("go")
  show("busy", [user])
  await expect.poll(() => heard).toContain("started")
  show("idle", [user, answer({ finish: "stop" })])
  expect(await turn).toEqual({ how: "completed", text: "done", usage: { inputTokens: 7, outputTokens: 3, cachedTokens: 5, costUsd: null } })
})

test("a permission of which no event arrives is found, and so is that it was answered elsewhere", async () => {
  const { session, heard, show } = running()
  const turn = session.prompt("go")
  show("busy", [user], [{ id: "per_1", sessionID: "ses_1", permission: "bash", patterns: ["ls"], metadata: { command: "ls -l" } }])
  await expect.poll(() => heard).toContain("asked ls -l")
  show("busy", [user])
  await expect.poll(() => heard).toContain("withdrawn per_1")
  show("idle", [user, answer({ finish: "stop" })])
  expect(await turn).toMatchObject({ how: "completed" })
})

test("that it became idle says nothing of how: an error is a failure, and an end without a reason too", async () => {
  const failing = running()
  const failed = failing.session.prompt("go")
  const error = { name: "APIError", data: { message: "no", statusCode: 401 } }
  failing.show("idle", [user, answer({ error })])
  failing.session.heard("session.idle", { sessionID: "ses_1" })
  expect(await failed).toMatchObject({ how: "failed", error: { class: "auth", message: "no" } })
  const silent = running()
  const unexplained = silent.session.prompt("go")
  silent.show("idle", [user, answer({ finish: "tool-calls" })])
  expect(await unexplained).toMatchObject({ how: "failed", error: { class: "bug" } })
})

test("pieces that were missed are made good by the whole, and nothing is said twice", async () => {
  const { session, said, show } = running()
  const turn = session.prompt("go")
  show("busy", [user])
  const info = { sessionID: "ses_1", id: "msg_2", role: "assistant", parentID: "msg_1" }
  await expect.poll(() => session.rests).toBe(false)
  const part = { sessionID: "ses_1", id: "prt_2", messageID: "msg_2", type: "text", text: "" }
  session.heard("message.updated", { sessionID: "ses_1", info })
  session.heard("message.part.updated", { sessionID: "ses_1", part })
  session.heard("message.part.delta", { sessionID: "ses_1", partID: "prt_2", field: "text", delta: "one " })
  session.resync()
  session.heard("message.part.delta", { sessionID: "ses_1", partID: "prt_2", field: "text", delta: "three" })
  show("idle", [user, answer({ finish: "stop" }, "one two three")])
  expect(await turn).toMatchObject({ how: "completed", text: "one two three" })
  expect(said.join("")).toBe("one two three")
})

function running() {
  const heard: string[] = []
  const said: string[] = []
  let state: { status: string; messages: readonly object[]; permissions: readonly object[] } = { status: "idle", messages: [], permissions: [] }
  const answers: Readonly<Record<string, () => unknown>> = {
    "/session/status": () => (state.status === "idle" ? {} : { ses_1: { type: state.status } }),
    "/session/ses_1/message?limit=1": () => [],
    "/session/ses_1/message?limit=1000": () => state.messages,
    "/permission": () => state.permissions,
  }
  const api: Pick<Api, "get" | "post" | "delete"> = {
    get: (path) => Promise.resolve(answers[path]?.() ?? []),
    post: () => Promise.resolve(true),
    delete: () => Promise.resolve(true),
  }
  const files: Pick<PluginFiles, "note"> = { note: () => Promise.resolve(null) }
  const listener: SessionListener = {
    started: () => void heard.push("started"),
    said: (chunk) => void (chunk.type === "text" && said.push(chunk.text)),
    asked: (request) => void heard.push(`asked ${request.title}`),
    withdrawn: (permission) => void heard.push(`withdrawn ${permission}`),
    used: () => undefined,
    died: (message) => void heard.push(`died ${message}`),
  }
  // Nothing else of them is used by a session that is not closed.
  const server = { api: api as Api, version: "1" } as Server
  const session = new OpencodeSession(
    {
      listener,
      agentSession: "ses_1",
      resumed: false,
      directory: "/w",
      model: null,
      mode: null,
      effort: new Effort(null, listener),
      allowAll: false,
      graceMs: 1_000,
      lookMs: 10,
      patience: { rateLimitMs: 1_000, overloadMs: 1_000, networkMs: 1_000 },
      files: files as PluginFiles,
      lease: () => Promise.resolve(server),
      rested: () => undefined,
      closed: () => Promise.resolve(),
    },
    server,
  )
  const show = (status: string, messages: readonly object[], permissions: readonly object[] = []): void => void (state = { status, messages, permissions })
  return { session, heard, said, show }
}
