import { mkdtempDisposable, readdir, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { FakeHub, problem } from "./testing/fake-hub.ts"
import { fleet, jsonLines } from "./testing/fleet.ts"
import { runView, startedAt, taskView } from "./testing/views.ts"

const planned = { key: "a", title: "Do a", agent: "codex", scope: ["src/**"], waits: [], rankMinutes: 5 }
const review = { "POST /v1/plans/review": () => ({ body: { faults: [], target: "main", tasks: [planned] } }) }
const done = runView([taskView("a", "done", { reason: "landed" })], { status: "done", endedAt: startedAt + 60_000 })

test("run without a terminal: shows the plan, submits it, follows it, and ends as it ended", async () => {
  await using hub = await FakeHub.start({ ...review, "POST /v1/runs": () => ({ status: 201, body: done }), "GET /v1/runs/sso-7k2f": () => ({ body: done }) })
  hub.plays(done)
  const ran = await fleet(["run", "Do a (id: a)", "Do b (id: b) (depends_on: a)", "--agent", "codex", "--target", "main", "--slots", "3"], { home: hub.home })
  expect(ran.code).toBe(0)
  expect(ran.stderr).toContain("→ main")
  expect(ran.stdout).toContain("run sso-7k2f done")
  const [submitted] = hub.asked.filter((asked) => asked.path === "/v1/runs")
  expect(submitted?.body).toMatchObject({
    directory: hub.home,
    agent: "codex",
    target: "main",
    slots: 3,
    plan: { tasks: [{ key: "a" }, { key: "b", after: [{ key: "a", reason: "declared" }] }] },
  })
})

test("--detach prints the id, and nothing else, on stdout", async () => {
  await using hub = await FakeHub.start({ ...review, "POST /v1/runs": () => ({ status: 201, body: done }) })
  expect(await fleet(["run", "Do a", "--task", "--detach", "--progress", "quiet"], { home: hub.home })).toMatchObject({ code: 0, stdout: "sso-7k2f\n" })
})

test("--dry-run starts nothing, not even a hub", async () => {
  await using home = await mkdtempDisposable(path.join(tmpdir(), "fleet-cli-"))
  const ran = await fleet(["run", "Do a (id: a)", "Do b (id: b) (depends_on: a)", "--dry-run"], { home: home.path })
  expect(ran.code).toBe(0)
  expect(ran.stdout).toContain('after "a": declared')
  expect(ran.stderr).toContain("Nothing was started. No hub runs")
  expect(await readdir(home.path)).toEqual([])
})

test("a plan with errors: exit code 2, file and line, nothing started; as JSON with a code", async () => {
  await using home = await mkdtempDisposable(path.join(tmpdir(), "fleet-cli-"))
  await writeFile(path.join(home.path, "plan.yaml"), "version: 1\ngoal: g\ntasks:\n  - id: a\n    title: A\n    after: [nope]\n")
  const ran = await fleet(["run", "plan.yaml"], { home: home.path })
  expect(ran).toMatchObject({ code: 2, stdout: "" })
  expect(ran.stderr).toMatch(/^plan\.yaml:\d+: error: /)
  expect(ran.stderr).toContain("Nothing was started.")
  const json = await fleet(["run", "plan.yaml", "--json"], { home: home.path })
  expect(json).toMatchObject({ code: 2, stdout: "" })
  expect(jsonLines(json.stderr)).toMatchObject([{ schema_version: 1, code: "plan-refused" }])
  const check = await fleet(["plan", "check", "plan.yaml", "--json"], { home: home.path })
  expect(check.code).toBe(2)
  expect(jsonLines(check.stdout)).toMatchObject([{ schema_version: 1, ok: false }])
  expect(await readdir(home.path)).toEqual(["plan.yaml"])
})

test("a file that is not there is not taken for a task", async () => {
  await using home = await mkdtempDisposable(path.join(tmpdir(), "fleet-cli-"))
  const ran = await fleet(["run", "plans/missing.yaml"], { home: home.path })
  expect(ran.code).toBe(2)
  expect(ran.stderr).toContain("there is no such file")
})

test("what the hub refuses is told as it says it, with exit code 2", async () => {
  await using hub = await FakeHub.start({ "POST /v1/plans/review": () => ({ status: 400, body: problem("dirty-target", "main is checked out dirty") }) })
  const ran = await fleet(["run", "Do a", "--task"], { home: hub.home })
  expect(ran).toMatchObject({ code: 2, stdout: "" })
  expect(ran.stderr).toContain("error: main is checked out dirty")
})

test("a task's key is meant before the beginning of a run's id", async () => {
  await using hub = await FakeHub.start({
    "GET /v1/find": () => ({
      body:
        hub.asked.at(-1)?.path.includes("%40last") === true
          ? { run: "other-1", key: "api", session: null }
          : { run: "api-docs-7k2f", key: null, session: null },
    }),
    "POST /v1/runs/other-1/tasks/api/stop": () => ({ status: 202, body: taskView("api", "cancelled") }),
  })
  expect((await fleet(["stop", "api"], { home: hub.home })).stdout).toBe("task other-1/api: asked to stop, now cancelled\n")
})
