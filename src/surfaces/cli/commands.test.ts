import { execFile, spawnSync } from "node:child_process"
import { mkdtempDisposable } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { promisify } from "node:util"
import { expect, test } from "vitest"
import { FakeHub, problem } from "./testing/fake-hub.ts"
import { fleet, jsonLines } from "./testing/fleet.ts"
import { approvalView, hubView, runView, startedAt, taskView } from "./testing/views.ts"

const task = { "GET /v1/find": () => ({ body: { run: "sso-7k2f", key: "api", session: null } }) }

test("without a hub: exit code 3, what, why and the fix; as JSON when asked for", async () => {
  await using home = await mkdtempDisposable(path.join(tmpdir(), "fleet-cli-"))
  const told = await fleet(["status"], { home: home.path })
  expect(told).toMatchObject({ code: 3, stdout: "" })
  expect(told.stderr).toBe(`error: no hub is running\n  why: nothing listens on ${home.path}/hub.sock\n  fix: start it: fleet hub start\n`)
  const json = await fleet(["inbox", "--json"], { home: home.path })
  expect(json).toMatchObject({ code: 3, stdout: "" })
  expect(jsonLines(json.stderr)).toMatchObject([{ schema_version: 1, code: "hub-absent" }])
})

test("a mistyped command is bad input, with what was probably meant", async () => {
  await using home = await mkdtempDisposable(path.join(tmpdir(), "fleet-cli-"))
  const ran = await fleet(["statsu"], { home: home.path })
  expect(ran).toMatchObject({ code: 2, stdout: "" })
  expect(ran.stderr).toContain("Did you mean status?")
  const option = await fleet(["status", "--jsn"], { home: home.path })
  expect(option.code).toBe(2)
  expect(option.stderr).toContain("Did you mean --json?")
})

test("what is wrong with a command leads to the help of that command, not of its group", async () => {
  await using home = await mkdtempDisposable(path.join(tmpdir(), "fleet-cli-"))
  const helps = { "session new --bogus": "session new", "session show": "session show", "session bogus": "session", session: "session", "--bogus": "" }
  for (const [line, command] of Object.entries(helps)) {
    const ran = await fleet(line.split(" "), { home: home.path })
    expect(ran, line).toMatchObject({ code: 2, stdout: "" })
    expect(ran.stderr, line).toContain(`fix: see what there is: ${["fleet", command, "--help"].filter((word) => word !== "").join(" ")}\n`)
  }
})

test("a fault of the hub is told as it is, with exit code 2", async () => {
  await using hub = await FakeHub.start({ "GET /v1/find": () => ({ status: 404, body: problem("unknown-name", "nothing is named \u001B[31mx") }) })
  const ran = await fleet(["retry", "x"], { home: hub.home })
  expect(ran).toMatchObject({ code: 2, stdout: "" })
  expect(ran.stderr).toBe("error: nothing is named x\n  why: because\n  fix: do something else\n")
})

test("status: the hub, the runs, what waits", async () => {
  const waits = runView([taskView("api", "needs-you")], { startedAt: Date.now() - 60_000, approvals: [approvalView("ap-3f", "api")] })
  const done = runView([taskView("a", "done")], { id: "old-1234", status: "done", endedAt: startedAt + 60_000 })
  await using hub = await FakeHub.start({
    "GET /v1/hub": () => ({ body: hubView("/h", { workers: [{ id: "local", connected: true, pid: 7, slots: 4, busy: 1, agents: ["codex"] }] }) }),
    "GET /v1/runs": () => ({ body: { items: [waits, done] } }),
  })
  const ran = await fleet(["status"], { home: hub.home })
  expect(ran.code).toBe(0)
  expect(ran.stdout.replace(/pid \d+, up .*/, "pid P").replace(/(running .* done +)\S+/, "$1T")).toMatchInlineSnapshot(`
    "hub 0.1.0, pid P
    worker local, pid 7, 1 of 4 slots busy

    run       state    tasks     time  goal
    sso-7k2f  running  0/1 done  T  Add SSO login
    old-1234  done     1/1 done  1:00  Add SSO login

    ! sso-7k2f/api asks: run rm -rf build
    next: fleet inbox
    "
  `)
  const [json] = jsonLines((await fleet(["status", "--json"], { home: hub.home })).stdout)
  expect(json).toMatchObject({ schema_version: 1, items: [{ id: "sso-7k2f" }, { id: "old-1234" }] })
})

test("inbox: the question, what waits behind it, and the commands that answer it", async () => {
  const approval = approvalView("ap-3f", "api", { question: "run rm -rf build", detail: "rm -rf build\n&& npm run build", holds: ["e2e", "docs"] })
  await using hub = await FakeHub.start({ "GET /v1/approvals": () => ({ body: { items: [approval] } }) })
  const ran = await fleet(["inbox"], { home: hub.home })
  expect(ran.stdout.replace(/for \d+ \w+/, "for T")).toMatchInlineSnapshot(`
    "! permission  sso-7k2f/api  for T
      run rm -rf build
        rm -rf build
        && npm run build
      behind it: 2 tasks (e2e, docs)
      fleet approve ap-3f   or   fleet deny ap-3f --note "why"

    "
  `)
})

test("approve takes a unique prefix, and refuses one that is not", async () => {
  const open = [approvalView("ap-3f", "api"), approvalView("ap-3g", "ui")]
  await using hub = await FakeHub.start({
    "GET /v1/approvals": () => ({ body: { items: open } }),
    "POST /v1/approvals/ap-3f": () => ({ body: { ...open[0], answer: { allow: false, by: "a person", at: 1 } } }),
  })
  expect((await fleet(["deny", "ap-3f", "--note", "no"], { home: hub.home })).stdout).toBe("denied: sso-7k2f/api: run rm -rf build\n")
  expect(hub.asked.at(-1)).toMatchObject({ method: "POST", body: { allow: false, note: "no" } })
  const ambiguous = await fleet(["approve", "ap"], { home: hub.home })
  expect(ambiguous.code).toBe(2)
  expect(ambiguous.stderr).toContain("ap-3f, ap-3g")
})

test("diff: a patch for a program stays byte for byte; --stat counts", async () => {
  const patch = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\tb\n+a\tc \u001B[31m\n"
  const files = [
    { path: "x", status: "modified", additions: 1, deletions: 1, from: null },
    { path: "y.png", status: "renamed", additions: null, deletions: null, from: "z.png" },
  ]
  await using hub = await FakeHub.start({ ...task, "GET /v1/runs/sso-7k2f/tasks/api/diff": () => ({ body: { files, patch, cut: false } }) })
  expect((await fleet(["diff", "api"], { home: hub.home })).stdout).toBe(patch)
  expect((await fleet(["diff", "api", "--stat"], { home: hub.home })).stdout).toMatchInlineSnapshot(`
    "change    file             added  removed
    modified  x                   +1       -1
    renamed   z.png -> y.png  binary   binary
    2 files, +1 -1
    "
  `)
  expect(jsonLines((await fleet(["diff", "api", "--stat", "--json"], { home: hub.home })).stdout)).toEqual([
    { schema_version: 1, run: "sso-7k2f", key: "api", files },
  ])
})

test("logs -f reads page after page until the session has ended", async () => {
  const pages = [
    { entries: [{ at: startedAt, type: "prompt", text: "Do it\u001B[2J\nnow" }], next: 10, ended: false },
    { entries: [], next: 10, ended: false },
    { entries: [{ at: startedAt + 1_000, type: "text", text: "Done." }], next: 20, ended: true },
    { entries: [], next: 20, ended: true },
  ]
  await using hub = await FakeHub.start({
    ...task,
    "GET /v1/runs/sso-7k2f/tasks/api": () => ({ body: taskView("api", "working") }),
    "GET /v1/sessions/sso-7k2f.api.1/transcript": () => ({ body: pages.shift() ?? {} }),
  })
  const ran = await fleet(["logs", "api", "-f"], { home: hub.home })
  expect(ran.code).toBe(0)
  expect(ran.stdout).toMatchInlineSnapshot(`
    "12:00:00 prompt     Do it
                        now
    12:00:01 text       Done.
    "
  `)
  expect(hub.asked.map((asked) => asked.path).filter((asked) => asked.includes("transcript"))).toEqual(
    [0, 10, 10, 20].map((offset) => `/v1/sessions/sso-7k2f.api.1/transcript?offset=${offset}`),
  )
})

test("stop takes a run or a task", async () => {
  await using hub = await FakeHub.start({
    ...task,
    "POST /v1/runs/sso-7k2f/tasks/api/stop": () => ({ status: 202, body: taskView("api", "verifying") }),
  })
  const ran = await fleet(["stop", "api"], { home: hub.home })
  expect(ran).toMatchObject({ code: 0, stdout: "task sso-7k2f/api: asked to stop, now verifying\n" })
})

test("completions parse, and complete what the hub knows; without a hub they complete nothing, silently", async () => {
  await using hub = await FakeHub.start({ "GET /v1/runs": () => ({ body: { items: [runView([taskView("api", "done"), taskView("u i", "done")])] } }) })
  const script = (await fleet(["completion", "bash"], { home: hub.home })).stdout
  expect(spawnSync("bash", ["-n"], { input: script }).status).toBe(0)
  const completed = async (line: string, word: number): Promise<string> => {
    const program = `fleet() { ${path.resolve("bin/fleet")} "$@"; }\n${script}\nCOMP_WORDS=(${line}); COMP_CWORD=${word}; _fleet; printf '%s\\n' "\${COMPREPLY[@]}"`
    return (await promisify(execFile)("bash", ["-c", program], { env: { ...process.env, FLEET_HOME: hub.home } })).stdout
  }
  expect(await completed("fleet st", 1)).toBe("status\nstop\n")
  expect(await completed("fleet hub st", 2)).toBe("start\nstop\nstatus\n")
  expect(await completed("fleet run --progress pl", 3)).toBe("plain\n")
  expect(await completed("fleet retry a", 2)).toBe("api\n")
  expect(await completed("fleet watch ''", 2)).toContain("sso-7k2f\n")
  await using empty = await mkdtempDisposable(path.join(tmpdir(), "fleet-cli-"))
  expect(await fleet(["__complete", "task"], { home: empty.path })).toEqual({ code: 0, stdout: "", stderr: "" })
})

test("help: every command ends with an example, and topics are found", async () => {
  await using home = await mkdtempDisposable(path.join(tmpdir(), "fleet-cli-"))
  expect((await fleet(["retry", "--help"], { home: home.path })).stdout).toMatch(/\nExample:\n {2}fleet retry api\n$/)
  expect((await fleet(["help", "hub", "start"], { home: home.path })).stdout).toMatch(/\nExample:\n {2}fleet hub start\n$/)
  expect((await fleet(["help", "exit-codes"], { home: home.path })).stdout).toContain("    5  Needs a person")
  expect((await fleet(["help", "nothing"], { home: home.path })).code).toBe(2)
})
