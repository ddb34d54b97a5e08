import { expect, test } from "vitest"
import { create, endTurn, prompt, session, settle, turnOf } from "../../../test/world/sessions.ts"
import { World } from "../../../test/world/world.ts"
import { id } from "../ids.ts"
import { freeze, thaw } from "../project/state.ts"

function world(...names: string[]): World {
  const made = new World()
  made.join(4)
  for (const name of names) create(made, name)
  settle(made)
  return made
}

test("a session that could not be prepared leaves nothing, and says why", () => {
  const made = new World()
  made.join(4)
  create(made, "child")
  const [job] = made.jobsOf("workspace.prepare")
  made.report({ type: "job.failed", job: job!.key, transient: false, fault: { code: "x", what: "no room", why: "the disk is full", fix: "free some" } })
  settle(made)
  expect(made.state.sessions.size).toBe(0)
  expect(made.log.map(({ event }) => event.type)).toContain("session.failed")
  expect(made.open.size).toBe(0)
})

test("a session whose agent does not open gives its checkout back before it is gone", () => {
  const made = new World()
  made.join(4)
  create(made, "child")
  made.succeed(made.jobsOf("workspace.prepare")[0]!)
  made.report({
    type: "job.failed",
    job: made.jobsOf("session.open")[0]!.key,
    transient: false,
    fault: { code: "x", what: "no agent", why: "it is not there", fix: "install it" },
  })
  expect(made.jobsOf("workspace.release")).toHaveLength(1)
  expect(session(made, "child").phase.name).toBe("undoing")
  settle(made)
  expect(made.state.sessions.size).toBe(0)
})

test("prompts are handed over one after the other, in the order in which they came", () => {
  const made = world("child")
  for (const text of ["one", "two", "three"]) prompt(made, "child", text)
  const seen: string[] = []
  for (let turn = 0; turn < 3; turn++) {
    seen.push(turnOf(made, "child").prompt)
    endTurn(made, "child", { how: "completed" })
    settle(made)
  }
  expect(seen).toEqual(["one", "two", "three"])
  expect(session(made, "child").phase.name).toBe("resting")
})

test("a prompt that comes twice is one", () => {
  const made = world("child")
  prompt(made, "child", "one")
  prompt(made, "child", "one")
  endTurn(made, "child", { how: "completed" })
  settle(made)
  prompt(made, "child", "one")
  expect(session(made, "child").turn).toBe(1)
  expect(made.jobsOf("session.turn")).toHaveLength(0)
})

test("a turn that its worker's death cut off goes on in the agent's own conversation", () => {
  const made = world("child")
  prompt(made, "child", "build it")
  const first = turnOf(made, "child")
  made.report({ type: "turn.started", job: first.key, session: first.session })
  made.join(4, "boot-2")
  const [open] = made.jobsOf("session.open")
  expect(open).toMatchObject({ resume: "agent-child" })
  settle(made)
  expect(turnOf(made, "child").prompt).toContain("cut off")
  expect(turnOf(made, "child").prompt).toContain("build it")
  expect(made.open.has(first.key)).toBe(false)
})

test("a prompt that the agent never acknowledged is given again as it was", () => {
  const made = world("child")
  prompt(made, "child", "build it")
  made.join(4, "boot-2")
  settle(made)
  expect(turnOf(made, "child").prompt).toBe("build it")
})

test("an agent that dies again and again fails its turn in the end", () => {
  const made = world("child")
  prompt(made, "child", "build it")
  for (let death = 0; death < 10 && session(made, "child").lastTurn === null; death++) {
    endTurn(made, "child", { how: "lost", message: "killed" })
    settle(made)
  }
  expect(session(made, "child").lastTurn).toMatchObject({ how: "failed", why: "killed" })
})

test("a session that rests for long has no agent, and is woken by the next prompt", () => {
  const made = new World()
  made.join(4)
  create(made, "child", { idleMs: 60_000 })
  settle(made)
  made.tick()
  settle(made)
  expect(session(made, "child").phase.name).toBe("asleep")
  prompt(made, "child", "again")
  settle(made)
  expect(turnOf(made, "child").prompt).toBe("again")
  expect(session(made, "child").life).toBe(2)
})

test("a turn that takes too long is stopped, and the session goes on", () => {
  const made = new World()
  made.join(4)
  create(made, "child", { limitMs: 60_000 })
  settle(made)
  prompt(made, "child", "long")
  prompt(made, "child", "next")
  const { key, session: of } = turnOf(made, "child")
  made.report({ type: "turn.started", job: key, session: of })
  made.tick()
  expect(made.jobsOf("session.interrupt")).toHaveLength(1)
  endTurn(made, "child", { how: "interrupted" })
  settle(made)
  expect(session(made, "child").lastTurn).toMatchObject({ how: "stopped", why: "its turn took longer than 1 minutes" })
  expect(turnOf(made, "child").prompt).toBe("next")
})

test("while a person is asked, the time of a turn does not run out", () => {
  const made = new World()
  made.join(4)
  create(made, "child", { limitMs: 60_000 })
  settle(made)
  prompt(made, "child", "long")
  const { key, session: of } = turnOf(made, "child")
  made.report({ type: "turn.started", job: key, session: of })
  const request = { permission: "p1", kind: "run", title: "rm -rf build", paths: [], command: "rm -rf build" } as const
  made.report({ type: "permission.asked", session: of, request })
  made.tick()
  expect(made.jobsOf("session.interrupt")).toHaveLength(0)
  const [approval] = made.state.approvals.values()
  expect(made.tell({ type: "approval.answer", approval: approval!.id, allow: true, by: "me", note: null })).toBeNull()
  expect(made.jobsOf("permission.answer")).toMatchObject([{ session: "child", allow: true }])
})

test("children wait for slots, a person's own session does not", () => {
  const made = new World()
  made.join(1)
  create(made, "boss")
  settle(made)
  for (const name of ["a", "b"]) create(made, name, { notify: id("boss"), parent: id("boss") })
  settle(made)
  for (const name of ["boss", "a", "b"]) prompt(made, name, "work")
  expect(made.jobsOf("session.turn").map((job) => "session" in job && job.session)).toEqual(["boss", "a"])
  endTurn(made, "a", { how: "completed" })
  settle(made)
  expect(turnOf(made, "b").prompt).toBe("work")
})

test("children in the same existing directory take turns", () => {
  const made = world("boss")
  for (const name of ["a", "b"]) {
    create(made, name, { parent: id("boss"), wanted: { ...session(made, "boss").wanted, workspace: id(`w-${name}`), strategy: "existing", path: null } })
    settle(made)
    const moved = session(made, name)
    made.state = { ...made.state, sessions: made.state.sessions.set(moved.id, { ...moved, checkout: { ...moved.checkout, path: "/repo" } }) }
    prompt(made, name, "work")
  }
  expect(made.jobsOf("session.turn")).toHaveLength(1)
})

test("an ended session takes no prompt until it is resumed, with the checkout made again when it was given back", () => {
  const made = world("child")
  made.tell({ type: "session.end", session: id("child"), release: true, forget: false, by: "me" })
  settle(made)
  expect(session(made, "child")).toMatchObject({ phase: { name: "ended", how: "completed" }, checkout: { status: "released" } })
  expect(prompt(made, "child", "work")).toMatchObject({ code: "session-over" })
  expect(made.tell({ type: "session.resume", session: id("child") })).toBeNull()
  expect(made.jobsOf("workspace.prepare")).toMatchObject([{ branchThere: "use" }])
  settle(made)
  expect(session(made, "child").phase.name).toBe("resting")
  expect(made.tell({ type: "session.resume", session: id("child") })).toMatchObject({ code: "session-active" })
})

test("what was salvaged of a checkout is known as long as the session, and the next checkout starts from the same commit", () => {
  const made = world("child")
  const before = session(made, "child").checkout.base
  made.tell({ type: "session.end", session: id("child"), release: true, forget: false, by: "me" })
  made.succeed(made.jobsOf("session.close")[0]!)
  const released = { kind: "workspace.release", released: { salvage: "refs/fleet/salvage/child-1" } } as const
  made.report({ type: "job.done", job: made.jobsOf("workspace.release")[0]!.key, result: released })
  expect(session(made, "child").checkout).toMatchObject({ status: "released", salvage: "refs/fleet/salvage/child-1" })
  const thawed = thaw(JSON.parse(JSON.stringify(freeze(made.state))))
  expect(thawed.sessions.get(id("child"))).toEqual(session(made, "child"))
  made.tell({ type: "session.resume", session: id("child") })
  expect(made.jobsOf("workspace.prepare")).toMatchObject([{ base: before }])
})

test("a snapshot of a home that knew of no salvage is read", () => {
  const { checkout, ...rest } = session(world("child"), "child")
  const { salvage: _, ...old } = checkout
  const frozen = { sessions: [{ ...rest, checkout: old }] }
  expect(thaw(frozen).sessions.get(id("child"))?.checkout).toEqual({ ...old, salvage: null })
})

test("a deleted session leaves the state when its checkout has been given back, and not before", () => {
  const made = world("child")
  made.tell({ type: "session.end", session: id("child"), release: true, forget: true, by: "me" })
  made.succeed(made.jobsOf("session.close")[0]!)
  expect(made.state.sessions.size).toBe(1)
  settle(made)
  expect(made.state.sessions.size).toBe(0)
})

test("a session whose processes do not end is not called ended; its end is tried again", () => {
  const made = world("child")
  made.tell({ type: "session.end", session: id("child"), release: false, forget: false, by: "me" })
  made.report({
    type: "job.failed",
    job: made.jobsOf("session.close")[0]!.key,
    transient: false,
    fault: { code: "x", what: "alive", why: "1234 lives", fix: "end it" },
  })
  expect(session(made, "child").phase.name).toBe("closing")
  made.tick()
  settle(made)
  expect(session(made, "child").phase.name).toBe("ended")
})
