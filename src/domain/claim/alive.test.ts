import fc from "fast-check"
import { expect, test } from "vitest"
import { graceMs, lifeOf, staleMs, type InstanceFacts } from "./alive.ts"

const now = 1_000_000_000_000
const minute = 60_000
const facts = (more: Partial<InstanceFacts> = {}): InstanceFacts => ({
  instance: { lastSeen: now - minute, status: "active" },
  claimedAt: now - minute,
  process: "unknown",
  worktree: "none",
  ended: null,
  hasFleetId: false,
  ...more,
})
const seen = (agoMs: number): Partial<InstanceFacts> => ({ instance: { lastSeen: now - agoMs, status: "active" }, claimedAt: now - agoMs })
const changed = (agoMs: number): Partial<InstanceFacts> => ({ worktree: { changedAt: now - agoMs } })

test.each<[string, Partial<InstanceFacts>, string]>([
  ["a dead pid right after the claim is a shell that ran one command", { ...seen(minute), process: "gone" }, "alive"],
  ["a dead pid without a worktree and without a sign for longer than the grace", { ...seen(graceMs + minute), process: "gone" }, "dead"],
  ["a dead pid beside a worktree in which something changed within two hours", { ...seen(staleMs), ...changed(graceMs + minute), process: "gone" }, "alive"],
  ["a dead pid beside a worktree in which nothing changes any more", { ...seen(staleMs + 1), ...changed(staleMs + 1), process: "gone" }, "dead"],
  ["a dead pid when git could not say whether there is a worktree", { ...seen(graceMs + minute), process: "gone", worktree: "unknown" }, "alive"],
  ["two hours without a heartbeat", seen(staleMs), "dead"],
  ["just under two hours without a heartbeat", seen(staleMs - minute), "alive"],
  ["two hours without a heartbeat, though some process has its pid", { ...seen(staleMs), process: "alive" }, "dead"],
  ["two hours without a heartbeat, but Fleet wrote it and its process lives", { ...seen(staleMs), process: "alive", hasFleetId: true }, "alive"],
  ["an old heartbeat and a young claim", { instance: { lastSeen: now - staleMs, status: "active" }, claimedAt: now - minute, process: "gone" }, "alive"],
  ["a completion", { ...seen(minute), ended: "complete" }, "finished"],
  ["a status that says so", { instance: { lastSeen: now, status: "completed" } }, "finished"],
  ["a failure, though its worktree is fresh", { ...seen(minute), ...changed(0), ended: "failed" }, "dead"],
  ["a claim alone, old", { instance: null, claimedAt: now - staleMs }, "unknown"],
  ["a claim alone, young", { instance: null, claimedAt: now - minute }, "alive"],
  ["a claim of Fleet's form, old, whose worktree is gone", { instance: null, claimedAt: now - staleMs, hasFleetId: true }, "dead"],
  ["a claim of Fleet's form, old, whose worktree is there", { instance: null, claimedAt: now - staleMs, hasFleetId: true, ...changed(staleMs) }, "unknown"],
  ["a claim of Fleet's form, old, when git could not be asked", { instance: null, claimedAt: now - staleMs, hasFleetId: true, worktree: "unknown" }, "unknown"],
  ["nothing at all", { instance: null, claimedAt: null }, "unknown"],
])("%s: %#", (_name, more, life) => {
  expect(lifeOf(facts(more), now).is).toBe(life)
})

test("whatever else is true, a sign within the grace keeps a claim that nobody ended", () => {
  fc.assert(
    fc.property(
      fc.record({
        process: fc.constantFrom("alive" as const, "gone" as const, "unknown" as const),
        worktree: fc.constantFrom("none" as const, "unknown" as const, { changedAt: null }, { changedAt: 5 }),
        hasFleetId: fc.boolean(),
        claimedAt: fc.integer({ min: now - graceMs + 1, max: now }),
      }),
      (more) => {
        expect(lifeOf(facts({ ...more, instance: { lastSeen: 5, status: "active" } }), now).is).toBe("alive")
      },
    ),
  )
})

test("the reason is said in one word and in a clause", () => {
  expect(lifeOf(facts({ ...seen(graceMs + minute), process: "gone" }), now)).toEqual({
    is: "dead",
    word: "dead process",
    why: "no process, no worktree, no sign of it for 31 minutes",
  })
})
