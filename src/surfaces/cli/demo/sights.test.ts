import { expect, test } from "vitest"
import { noUsage } from "../../../domain/session/turn.ts"
import type { AttemptView } from "../../../protocol/views.ts"
import { runView, startedAt, taskView } from "../testing/views.ts"
import { Sights, type Sight } from "./sights.ts"

const attempt = (number: number, fromMs: number, toMs: number, outcome = "proved", reason = "first"): AttemptView => ({
  number,
  agent: "scripted",
  session: `r.t.${number}`,
  agentSession: null,
  reason,
  startedAt: startedAt + fromMs,
  endedAt: startedAt + toMs,
  outcome,
  usage: noUsage,
})
const done = (key: string, ...attempts: readonly AttemptView[]) => taskView(key, "done", { landed: "0123456789", attempts })
const unseenOf = (sights: readonly Sight[]): string[] => sights.filter((sight) => !sight.seen).map((sight) => sight.name)

const uneventful = [done("api", attempt(1, 0, 5)), done("auth", attempt(1, 5, 9)), done("docs", attempt(1, 10, 12)), done("search", attempt(1, 12, 13))]
const eventful = [
  done("api", attempt(1, 0, 2, "check failed: `node --test` exited with 1"), attempt(2, 2, 5, "proved", "retry")),
  done("auth", attempt(1, 5, 9)),
  done("docs", attempt(1, 0, 3, "not finished within 3 s; ended by Fleet"), attempt(2, 3, 4, "proved", "retry")),
  done("search", attempt(1, 0, 2), attempt(2, 2, 3, "proved", "repair")),
]
const waiting = runView([taskView("auth", "queued", { reason: "waits for api: both write src/api/auth.js and src/api" })])
const said = (text: string) => ({ at: startedAt, type: "permission" as const, text })

test("a run in which all of it happened shows all of it", () => {
  const sights = new Sights()
  sights.run(waiting)
  expect(unseenOf(sights.tell(runView(eventful, { status: "done" }), [said("allowed by policy: rm -rf legacy")]))).toEqual([])
})

test("a run in which everything just went well has shown none of it, though all of it landed", () => {
  const told = new Sights().tell(runView(uneventful, { status: "done" }), [])
  expect(unseenOf(told)).toEqual(["parallel", "serialised", "permission", "retried", "repaired", "timed-out"])
})

test("tasks that were at work at the same time were not kept apart, whatever was said before", () => {
  const sights = new Sights()
  sights.run(waiting)
  const together = [done("api", attempt(1, 0, 5)), done("auth", attempt(1, 4, 9))]
  expect(unseenOf(sights.tell(runView(together, { status: "done" }), []))).toContain("serialised")
})

test("a question without an answer is no answered permission, and who answered is said", () => {
  const told = (...texts: readonly string[]): Sight | undefined => new Sights().tell(runView([]), texts.map(said)).find((sight) => sight.name === "permission")
  expect(told("asked: rm -rf legacy")).toMatchObject({ seen: false })
  expect(told("asked: rm -rf legacy", "denied: rm -rf legacy")?.text).toBe("cleanup wanted to run `rm -rf legacy` and asked you: denied")
})
