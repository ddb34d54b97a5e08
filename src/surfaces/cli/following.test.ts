import { expect, test } from "vitest"
import { FakeHub } from "./testing/fake-hub.ts"
import { fleet, jsonLines } from "./testing/fleet.ts"
import { approvalView, runView, startedAt, taskView } from "./testing/views.ts"

const found = { "GET /v1/find": () => ({ body: { run: "sso-7k2f", key: null, session: null } }) }
const done = runView([taskView("a", "done", { reason: "landed as 0123456789" }), taskView("b", "done", { reason: "landed as 0123456789" })], {
  status: "done",
  endedAt: startedAt + 65_000,
  workMs: 84_000,
  lowerBoundMs: 42_000,
})

async function watching(final: typeof done, args: readonly string[] = []) {
  await using hub = await FakeHub.start({ ...found, "GET /v1/runs/sso-7k2f": () => ({ body: final }) })
  hub.plays(runView([taskView("a", "working"), taskView("b", "queued", { after: ["a"] })]), final)
  return await fleet(["watch", ...args], { home: hub.home })
}

test("plain: a line for each change on stderr, what became of it on stdout, and exit code 0", async () => {
  const ran = await watching(done)
  expect(ran.code).toBe(0)
  expect(ran.stderr).toMatch(/ {2}● working {4}a \[codex\]\n/)
  expect(ran.stderr).toMatch(/ {2}✓ done {7}b \[codex\]: landed as 0123456789\n/)
  expect(ran.stdout).toMatchInlineSnapshot(`
    "state   task  agent  reason                time  files  tokens
    ✓ done  a     codex  landed as 0123456789  0:42      3    1.5k
    ✓ done  b     codex  landed as 0123456789  0:42      3    1.5k

    run sso-7k2f done: 2/2 done, in 1:05, work 1:24, lower bound 0:42
    landed on main: 2 tasks (a 01234567, b 01234567)
    "
  `)
  expect(ran.stdout + ran.stderr).not.toContain("\u001B")
})

test("a failed run: exit code 1, and the commands that bring it further", async () => {
  const failed = runView([taskView("a", "failed", { reason: "check failed" }), taskView("b", "queued", { after: ["a"] })], {
    status: "failed",
    reason: "2 of 2 tasks did not land",
    endedAt: startedAt + 65_000,
  })
  const ran = await watching(failed)
  expect(ran.code).toBe(1)
  expect(ran.stdout).toContain("nothing landed on main")
  expect(ran.stdout).toContain("next: fleet retry sso-7k2f/a")
})

test("a cancelled run: exit code 4", async () => {
  const cancelled = runView([taskView("a", "cancelled", { reason: "stopped" })], { status: "cancelled", endedAt: startedAt + 5_000 })
  const ran = await watching(cancelled)
  expect(ran.code).toBe(4)
  expect(ran.stdout).toContain("next: fleet continue sso-7k2f")
})

test("json: one object per change, each with its schema version, the last of type end", async () => {
  const ran = await watching(done, ["--json"])
  const lines = jsonLines(ran.stdout)
  expect(lines.every((line) => line["schema_version"] === 1)).toBe(true)
  expect(lines.map((line) => [line["type"], line["key"] ?? line["status"] ?? "", line["key"] === undefined ? "" : line["status"]])).toEqual([
    ["run", "running", ""],
    ["task", "a", "working"],
    ["run", "done", ""],
    ["task", "a", "done"],
    ["task", "b", "done"],
    ["end", "", ""],
  ])
  expect(ran.stderr).toBe("")
})

test("quiet: only the last line", async () => {
  const ran = await watching(done, ["--progress", "quiet"])
  expect(ran.stdout).toBe("run sso-7k2f done: 2/2 done, in 1:05, work 1:24, lower bound 0:42\n")
  expect(ran.stderr).toBe("")
})

test("nothing can go on until somebody answers: following ends with exit code 5 and says what to answer", async () => {
  const stuck = runView([taskView("a", "needs-you"), taskView("b", "queued", { after: ["a"] })], { approvals: [approvalView("ap-3f", "a")] })
  await using hub = await FakeHub.start(found)
  hub.plays(stuck)
  const ran = await fleet(["watch"], { home: hub.home })
  expect(ran.code).toBe(5)
  expect(ran.stderr).toContain("asks       a: run rm -rf build (fleet approve ap-3f | fleet deny ap-3f)")
  expect(ran.stderr).toContain("Nothing can go on until somebody answers")
  expect(ran.stderr).toContain("  fleet approve ap-3f\n")
})

test("Ctrl-C detaches and says how to come back; the second one stops the run, which is then followed to its end", async () => {
  let stopped = false
  const cancelled = runView([taskView("a", "cancelled")], { status: "cancelled", endedAt: startedAt + 5_000 })
  await using hub = await FakeHub.start({
    ...found,
    "POST /v1/runs/sso-7k2f/stop": () => {
      stopped = true
      hub.plays(cancelled)
      return { status: 202, body: cancelled }
    },
    "GET /v1/runs/sso-7k2f": () => ({ body: cancelled }),
  })
  hub.plays(runView([taskView("a", "working")]))
  let interrupts = 0
  const ran = await fleet(["watch"], {
    home: hub.home,
    onStderr: (soFar, interrupt) => {
      if (interrupts === 0 && soFar.includes("working")) {
        interrupts = 1
        interrupt()
      }
      if (interrupts === 1 && soFar.includes("Ctrl-C again within 5 s")) {
        interrupts = 2
        interrupt()
      }
    },
  })
  expect(ran.stderr).toContain("Detached: run sso-7k2f goes on without you. Come back with: fleet watch sso-7k2f")
  expect(stopped).toBe(true)
  expect(ran.code).toBe(4)
})

test("a stream that breaks is taken up again where it was, without a line twice", async () => {
  await using hub = await FakeHub.start({ ...found, "GET /v1/runs/sso-7k2f": () => ({ body: done }) })
  hub.plays(runView([taskView("a", "working")]))
  const ran = await fleet(["watch"], {
    home: hub.home,
    onStderr: (soFar) => {
      if (soFar.includes("working") && !soFar.includes("away")) hub.plays(done).breakStreams()
    },
  })
  expect(ran.code).toBe(0)
  expect(ran.stderr).toContain("the hub is away")
  expect(ran.stderr.match(/● working/g)).toHaveLength(1)
})

test("text of agents reaches neither a terminal nor a log as anything but text", async () => {
  const evil = "\u001B]0;owned\u0007\u001B[2Jrm\u009b1m\r\nfake line"
  const hostile = runView([taskView("a", "failed", { reason: evil, agent: evil })], { status: "failed", reason: evil, endedAt: startedAt + 1, goal: evil })
  for (const args of [[], ["--json"], ["--progress", "quiet"]]) {
    const ran = await watching(hostile, args)
    // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(ran.stdout + ran.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  }
})
