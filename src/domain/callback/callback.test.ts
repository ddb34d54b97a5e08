import fc from "fast-check"
import { expect, test } from "vitest"
import { create, endTurn, prompt, session, settle, turnOf } from "../../../test/world/sessions.ts"
import { World } from "../../../test/world/world.ts"
import { id } from "../ids.ts"
import { freeze, thaw } from "../project/state.ts"
import type { TurnOutcome } from "../session/turn.ts"

function family(slots = 8): World {
  const world = new World()
  world.join(slots)
  create(world, "boss")
  settle(world)
  create(world, "child", { notify: id("boss"), parent: id("boss") })
  settle(world)
  return world
}

test("a child that completed tells its conductor, to the letter", () => {
  const world = family()
  prompt(world, "child", "work")
  endTurn(world, "child", { how: "completed", text: "done" })
  settle(world)
  expect(turnOf(world, "boss").prompt).toBe(
    [
      "[Fleet Callback] Child session completed.",
      "Session ID: child",
      "Title: child",
      "Files changed: 1",
      "  added: x",
      "Status: idle (completed successfully)",
    ].join("\n"),
  )
})

test("a failed child gives the error callback, though its agent rests afterwards", () => {
  const world = family()
  prompt(world, "child", "work")
  endTurn(world, "child", { how: "failed", error: { class: "refused", message: "no such model", resetAt: null } })
  settle(world)
  expect(turnOf(world, "boss").prompt.split("\n").slice(0, 4)).toEqual([
    "[Fleet Callback] Child session encountered an error.",
    "Session ID: child",
    "Title: child",
    "Status: error",
  ])
})

test("the handoff comes along", () => {
  const world = family()
  prompt(world, "child", "work")
  endTurn(world, "child", { how: "completed", text: "---HANDOFF---\n- Built: the login page\n---" })
  settle(world)
  expect(turnOf(world, "boss").prompt).toContain("- Built: the login page")
})

test("when nobody could look at the changes, that is said", () => {
  const world = family()
  prompt(world, "child", "work")
  endTurn(world, "child", { how: "completed" })
  world.report({ type: "job.failed", job: world.jobsOf("workspace.survey")[0]!.key, transient: false, fault: { code: "x", what: "x", why: "x", fix: "x" } })
  expect(turnOf(world, "boss").prompt).toContain("(diff unavailable)")
})

test("every turn calls back, not only the first", () => {
  const world = family()
  for (const text of ["work", "again"]) {
    prompt(world, "child", text)
    endTurn(world, "child", { how: "completed" })
    settle(world)
    endTurn(world, "boss", { how: "completed" })
    settle(world)
  }
  expect([...world.state.callbacks.values()].map(({ status }) => status)).toEqual(["delivered", "delivered"])
})

test("it counts as delivered when the conductor's agent acknowledged the turn, not before", () => {
  const world = family()
  prompt(world, "child", "work")
  endTurn(world, "child", { how: "completed" })
  settle(world)
  const [callback] = world.state.callbacks.values()
  expect(callback?.status).toBe("queued")
  const { key, session: of } = turnOf(world, "boss")
  world.report({ type: "turn.started", job: key, session: of })
  expect(world.state.callbacks.get(callback!.id)?.status).toBe("delivered")
})

test("for a conductor that has ended it waits, and is delivered when that is resumed under a new instance", () => {
  const world = family()
  prompt(world, "child", "work")
  world.tell({ type: "session.end", session: id("boss"), release: false, forget: false, by: "me" })
  endTurn(world, "child", { how: "completed" })
  settle(world)
  expect([...world.state.callbacks.values()]).toMatchObject([{ status: "waiting" }])
  world.tell({ type: "session.resume", session: id("boss") })
  settle(world)
  expect(turnOf(world, "boss").prompt).toContain("[Fleet Callback]")
})

test("a conductor that fails before it acknowledged hears it again, and is told so", () => {
  const world = family()
  prompt(world, "child", "work")
  endTurn(world, "child", { how: "completed" })
  settle(world)
  const { key } = turnOf(world, "boss")
  const outcome = {
    how: "failed",
    text: "",
    usage: { inputTokens: 0, outputTokens: 0, cachedTokens: 0, costUsd: null },
    error: { class: "overload", message: "busy", resetAt: null },
  } as const
  world.report({ type: "job.done", job: key, result: { kind: "session.turn", outcome } })
  settle(world)
  expect(world.jobsOf("session.turn")).toHaveLength(0)
  world.tick()
  settle(world)
  expect(turnOf(world, "boss").prompt).toContain("handed over again")
})

test("a child that is ended while it works does not leave its conductor waiting", () => {
  const world = family()
  prompt(world, "child", "work")
  world.tell({ type: "session.end", session: id("child"), release: false, forget: false, by: "a person" })
  settle(world)
  expect(turnOf(world, "boss").prompt).toContain("encountered an error")
})

const step = fc.oneof(
  fc.record({ do: fc.constant("prompt" as const), child: fc.nat(2) }),
  fc.record({
    do: fc.constant("end" as const),
    child: fc.nat(2),
    how: fc.constantFrom<TurnOutcome["how"]>("completed", "failed", "lost", "stalled", "interrupted"),
  }),
  fc.record({ do: fc.constantFrom("boss-turn" as const, "boss-lost" as const, "boss-ends" as const, "boss-resumes" as const) }),
  fc.record({ do: fc.constantFrom("new-boot" as const, "restart" as const, "settle" as const, "tick" as const) }),
)

test("whatever dies in whichever order, each turn of a child that ended is told in the end, at least once", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const world = new World()
      world.join(8)
      create(world, "boss")
      settle(world)
      for (const name of ["c0", "c1", "c2"]) create(world, name, { notify: id("boss"), parent: id("boss") })
      settle(world)
      let boot = 1
      const tryTo = (act: () => void): void => {
        try {
          act()
        } catch (error) {
          if (!(error as Error).message.includes("has no turn")) throw error
        }
      }
      steps.forEach((one, at) => {
        switch (one.do) {
          case "prompt":
            return prompt(world, `c${one.child}`, `do ${at}`)
          case "end":
            return tryTo(() =>
              endTurn(
                world,
                `c${one.child}`,
                one.how === "failed"
                  ? { how: "failed", error: { class: "bug", message: "x", resetAt: null } }
                  : one.how === "stalled"
                    ? { how: "stalled", silentMs: 1 }
                    : one.how === "lost"
                      ? { how: "lost", message: "gone" }
                      : { how: one.how },
              ),
            )
          case "boss-turn":
            return tryTo(() => endTurn(world, "boss", { how: "completed" }))
          case "boss-lost":
            return tryTo(() => endTurn(world, "boss", { how: "lost", message: "gone" }))
          case "boss-ends":
            return world.tell({ type: "session.end", session: id("boss"), release: false, forget: false, by: "me" })
          case "boss-resumes":
            return world.tell({ type: "session.resume", session: id("boss") })
          case "new-boot":
            return world.join(8, `boot-${++boot}`)
          case "restart":
            world.state = thaw(JSON.parse(JSON.stringify(freeze(world.state))))
            world.tell({ type: "hub.start" })
            return world.join(8, `boot-${boot}`)
          case "settle":
            return settle(world)
          case "tick":
            return world.tick()
        }
      })
      settle(world)
      world.tell({ type: "session.resume", session: id("boss") })
      for (let round = 0; round < 200; round++) {
        settle(world)
        if (world.jobsOf("session.turn").length > 0) for (const job of world.jobsOf("session.turn")) world.succeed(job)
        else if (!world.tick()) break
      }
      const told = [...world.state.callbacks.values()]
      const ended = world.log.filter(({ event }) => event.type === "session.turned" && event.session !== "boss").length
      expect(told).toHaveLength(ended)
      expect(told.every(({ status }) => status === "delivered")).toBe(true)
      expect(session(world, "boss").queue).toEqual([])
    }),
    { numRuns: 300 },
  )
}, 60_000)
