import { expect, test } from "vitest"
import { id } from "../../domain/ids.ts"
import { noUsage } from "../../domain/session/turn.ts"
import type { SessionView } from "../../protocol/session-views.ts"
import { FakeHub, problem, type Routes } from "./testing/fake-hub.ts"
import { fleet } from "./testing/fleet.ts"
import { sessionView, startedAt } from "./testing/views.ts"

const session = "3b674a02-1111-4222-8333-444455556666"
const short = session.slice(0, 8)

/** A hub that knows one session, by its id and by the short form of it. */
function knows(view: SessionView, more: Routes = {}): Routes {
  const look = () => ({ body: view })
  const ended = () => ({ status: 202, body: { session, cleanup: true, forget: false } })
  return { [`GET /v1/sessions/${session}`]: look, [`GET /v1/sessions/${short}`]: look, [`DELETE /v1/sessions/${session}`]: ended, ...more }
}

test("diff takes a session without a task", async () => {
  const patch = "diff --git a/x b/x\n+a\n"
  const diff = { [`GET /v1/sessions/${session}/diff`]: () => ({ body: { files: [], patch, cut: false } }) }
  await using hub = await FakeHub.start(knows(sessionView(session), diff))
  expect(await fleet(["diff", short], { home: hub.home })).toMatchObject({ code: 0, stdout: patch })
  expect(hub.asked.map((asked) => asked.path).filter((asked) => asked.startsWith("/v1/find"))).toEqual([])
})

test("stop of a session without a task stops its turn, and says when there is none", async () => {
  let status: SessionView["status"] = "working"
  const stop = { [`POST /v1/sessions/${session}/stop`]: () => ({ status: 202, body: sessionView(session, { status }) }) }
  await using hub = await FakeHub.start(knows(sessionView(session), stop))
  expect((await fleet(["stop", short], { home: hub.home })).stdout).toBe(`session ${short}: its turn was asked to stop, now working\n`)
  status = "idle"
  expect((await fleet(["stop", session], { home: hub.home })).stdout).toBe(`session ${short}: no turn of it runs; it is idle\n`)
})

test("tell sends nothing to a session without a task, and says how that is prompted", async () => {
  await using hub = await FakeHub.start(knows(sessionView(session)))
  const ran = await fleet(["tell", short, "hello"], { home: hub.home })
  expect(ran).toMatchObject({ code: 2, stdout: "" })
  expect(ran.stderr).toContain(`fix: fleet session prompt ${short} "…"`)
  expect(hub.asked.filter(({ method }) => method !== "GET")).toEqual([])
})

test("what looks like a session and is none is looked for among runs and tasks", async () => {
  const none = () => ({ status: 404, body: problem("unknown-session", "none") })
  const find = () => ({ status: 404, body: problem("not-found", "nothing is called 3b674a02") })
  await using hub = await FakeHub.start({ [`GET /v1/sessions/${short}`]: none, "GET /v1/find": find })
  for (const command of ["diff", "stop"]) expect((await fleet([command, short], { home: hub.home })).stderr).toContain("nothing is called")
})

test("end says what it does, and what was done before", async () => {
  const said = async (view: SessionView, ...options: string[]): Promise<string> => {
    await using hub = await FakeHub.start(knows(view))
    return (await fleet(["session", "end", short, ...options], { home: hub.home })).stdout
  }
  const resume = `fleet session resume ${short} takes it up again\n`
  const over = { status: "ended", endedAt: startedAt } as const
  expect(await said(sessionView(session))).toBe(`${short} is being ended; ${resume}`)
  expect(await said(sessionView(session, over))).toBe(`${short} has ended already; ${resume}`)
  expect(await said(sessionView(session, over), "--cleanup")).toBe(`${short} has ended already; its checkout is given back; ${resume}`)
  expect(await said(sessionView(session, { ...over, released: true }), "--cleanup", "--forget")).toBe(
    `${short} has ended already; its checkout was given back before; it cannot be resumed\n`,
  )
  expect(await said(sessionView(session, { strategy: "existing" }), "--cleanup")).toContain("its directory was there before it, and stays")
})

test("show says where it worked when its checkout was given back, and no empty line for a turn without a text", async () => {
  const lastTurn = {
    number: 1,
    how: "completed",
    why: null,
    text: "\u001B[0m\n",
    files: [],
    tree: null,
    prompt: id<"message">("p"),
    usage: noUsage,
    endedAt: Date.now(),
  } as const
  const view = sessionView(session, { status: "ended", reason: "ended by you", released: true, turns: 1, lastTurn })
  await using hub = await FakeHub.start(knows(view))
  const { stdout } = await fleet(["session", "show", short], { home: hub.home })
  expect(stdout).toContain("worked in /home/me/app-worktrees/look  (given back; worktree, branch look)\n")
  expect(stdout.replace(/\d+ s ago/, "T")).toMatch(/\n\nturn 1 completed T, 0 files changed so far\n$/)
})
