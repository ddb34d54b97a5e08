import { expect, test } from "vitest"
import { task, World } from "../../../test/world/world.ts"
import type { Event } from "../project/events.ts"

const minuteMs = 60_000

/** What is seen under `.planning/coordination/`, by instance. */
function see(of: World, claims: Readonly<Record<string, readonly string[]>>, commonDirectory = "/repo/.git"): Event[] {
  const before = of.log.length
  const seen = Object.entries(claims).map(([instance, scope]) => ({ instance, scopes: task("x", { scope }).scope, purpose: "auth" }))
  expect(of.tell({ type: "claims.see", commonDirectory, ignoreCase: false, claims: seen })).toBeNull()
  return of.log.slice(before).map(({ event }) => event)
}

const held = (of: World): string[] => [...of.state.taken.values()].map(({ holder, scopes }) => `${holder}: ${scopes.map(({ pattern }) => pattern).join(", ")}`)

// C.1.13
test("a claim that appears is held in the name of its instance, under a lease", () => {
  const of = new World()
  expect(see(of, { "agent-1": ["src/api"] })).toMatchObject([
    { type: "claim.taken", instance: "agent-1", holder: "instance agent-1", purpose: "auth", until: of.now + 10 * minuteMs },
  ])
})

test("a claim that has vanished is free, and one that was changed is held as it is now", () => {
  const of = new World()
  see(of, { "agent-1": ["src/api"], "agent-2": ["docs"] })
  see(of, { "agent-1": ["src/ui"] })
  expect(held(of)).toEqual(["instance agent-1: src/ui"])
})

test("looking again at what has not changed is no event, until half of the lease is over", () => {
  const of = new World()
  see(of, { "agent-1": ["src/api"] })
  of.now += 5 * minuteMs
  expect(see(of, { "agent-1": ["src/api"] })).toEqual([])
  of.now += 1
  expect(see(of, { "agent-1": ["src/api"] })).toEqual([{ type: "claim.renewed", claim: "c1", until: of.now + 10 * minuteMs }])
})

test("nobody waits for files that nobody looks at: the lease runs out", () => {
  const of = new World()
  see(of, { "agent-1": ["src/api"] })
  expect(of.tick()).toBe(true)
  expect(held(of)).toEqual([])
})

test("what is seen in one repository says nothing of another, nor of claims that were taken here", () => {
  const of = new World()
  see(of, { "agent-1": ["src"] }, "/other/.git")
  const scopes = task("x", { scope: ["web"] }).scope
  of.tell({
    type: "claim.take",
    session: null,
    holder: "me",
    commonDirectory: "/repo/.git",
    ignoreCase: false,
    scopes,
    purpose: "mine",
    leaseMs: 20 * minuteMs,
  })
  expect(see(of, {})).toEqual([])
  expect(held(of)).toEqual(["instance agent-1: src", "me: web"])
})

test("a claim of others is said when somebody here wants the same paths", () => {
  const of = new World()
  see(of, { "agent-1": ["src/api"] })
  const scopes = task("x", { scope: ["src"] }).scope
  expect(
    of.tell({ type: "claim.take", session: null, holder: "me", commonDirectory: "/repo/.git", ignoreCase: false, scopes, purpose: "mine", leaseMs: minuteMs }),
  ).toMatchObject({
    code: "claim-held",
    why: expect.stringContaining("instance agent-1"),
  })
})
