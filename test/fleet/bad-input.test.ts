import { once } from "node:events"
import { readFile, writeFile } from "node:fs/promises"
import http from "node:http"
import path from "node:path"
import { text } from "node:stream/consumers"
import { expect, test } from "vitest"
import { fleet as cli } from "../../src/surfaces/cli/testing/fleet.ts"
import { planOf, task } from "../world/world.ts"
import { scenario, type Scenario } from "./scenario.ts"

interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
}

async function ask(to: http.RequestOptions, body?: string): Promise<Answer> {
  const request = http.request({ agent: false, method: body === undefined ? "GET" : "POST", ...to })
  request.end(body)
  const [response] = (await once(request, "response")) as [http.IncomingMessage]
  const said = await text(response)
  return { status: response.statusCode ?? 0, body: JSON.parse(said) as Record<string, unknown> }
}

const fault = (code: string): unknown => ({ code, what: expect.stringMatching(/./), why: expect.stringMatching(/./), fix: expect.stringMatching(/./) })

/** Nothing came of it: no run, nothing in the repository, and the same hub is well. */
async function untouched(fleet: Scenario, head: string): Promise<void> {
  expect(await fleet.client.runs()).toEqual([])
  expect(await fleet.leftovers()).toEqual([])
  expect(await fleet.repo.git("rev-parse", "HEAD")).toBe(head)
}

test("over TCP nobody gets in without the token, by another name, or from another site", async () => {
  await using fleet = await scenario()
  const { port } = await fleet.client.hub()
  const token = (await readFile(path.join(fleet.home, "token"), "utf8")).trim()
  const get = (headers: Record<string, string>): Promise<Answer> => ask({ host: "127.0.0.1", port, path: "/v1/hub", headers })
  const authorization = `Bearer ${token}`
  expect(await get({})).toMatchObject({ status: 401, body: fault("no-token") })
  expect(await get({ authorization: "Bearer guess" })).toMatchObject({ status: 401, body: fault("no-token") })
  expect(await get({ authorization, host: "evil.example" })).toMatchObject({ status: 421, body: fault("wrong-host") })
  expect(await get({ authorization, origin: "https://evil.example" })).toMatchObject({ status: 403, body: fault("wrong-origin") })
  expect(await get({ authorization, origin: "null" })).toMatchObject({ status: 403, body: fault("wrong-origin") })
  expect(await get({ authorization, origin: `http://127.0.0.1:${port}` })).toMatchObject({ status: 200 })
  const stop = await ask({ host: "127.0.0.1", port, path: "/v1/hub/stop", method: "POST" }, "{}")
  expect(stop.status).toBe(401)
  expect(await fleet.client.hub()).toMatchObject({ port })
})

test("whatever is sent to the socket is answered with what, why and the fix, and nothing is made", async () => {
  await using fleet = await scenario()
  const head = await fleet.repo.git("rev-parse", "HEAD")
  const json = { "content-type": "application/json" }
  const at = (where: string, body?: string): Promise<Answer> =>
    ask({ socketPath: fleet.client.socket, path: where, headers: { host: "localhost", ...(body === undefined || body === "" ? {} : json) } }, body)
  const submit = (change: object): Promise<Answer> =>
    at("/v1/runs", JSON.stringify({ plan: planOf([task("a")]), directory: fleet.repo.path, target: null, agent: null, slots: null, ...change }))
  const plan = (change: object): Promise<Answer> => submit({ plan: { ...planOf([task("a")]), ...change } })
  const answers: readonly (readonly [() => Promise<Answer>, number, string])[] = [
    [() => at("/v1/runs", "{"), 400, "bad-json"],
    [() => at("/v1/runs", "[]"), 422, "bad-request"],
    [() => at("/v1/runs", "x".repeat(9 << 20)), 413, "body-too-large"],
    [() => submit({ slots: "many" }), 422, "bad-request"],
    [() => submit({ directory: "relative" }), 422, "bad-request"],
    [() => submit({ directory: "/nowhere/at/all" }), 422, "directory-missing"],
    [() => submit({ directory: `${fleet.repo.path}\0x` }), 422, "bad-request"],
    [() => submit({ directory: fleet.home }), 422, "not-a-repository"],
    [() => submit({ target: "--upload-pack=touch /tmp/x" }), 422, "unknown-target"],
    [() => submit({ target: "../../HEAD" }), 422, "unknown-target"],
    [() => submit({ agent: "nobody" }), 422, "unknown-agent"],
    [() => plan({ tasks: [task("a", { agent: "nobody" })] }), 422, "unknown-agent"],
    [() => plan({ tasks: [] }), 422, "bad-plan"],
    [() => plan({ tasks: [task("../../a")] }), 422, "bad-plan"],
    [() => plan({ tasks: [task("a\n")] }), 422, "bad-plan"],
    [() => plan({ tasks: [task("a"), task("a")] }), 422, "bad-plan"],
    [() => plan({ tasks: [task("a", { after: ["b"] }), task("b", { after: ["a"] })] }), 422, "bad-plan"],
    [() => plan({ tasks: [task("a", { after: ["nobody"] })] }), 422, "bad-plan"],
    [() => plan({ tasks: [task("a", { scope: ["../etc/**"] })] }), 422, "bad-plan"],
    [() => plan({ tasks: [task("a", { prompt: "" })] }), 422, "bad-plan"],
    [() => plan({ tasks: [task("a", { timeoutMinutes: -1 })] }), 422, "bad-plan"],
    [() => plan({ tasks: Array.from({ length: 2_001 }, (_, n) => task(`t${n}`)) }), 422, "bad-plan"],
    [() => at("/v1/runs/nobody"), 404, "unknown-run"],
    [() => at("/v1/runs/..%2F..%2Fetc%2Fpasswd"), 404, "unknown-run"],
    [() => at("/v1/runs/%E0%A4%A"), 404, "unknown-run"],
    [() => at("/v1/runs/@last/tasks/a"), 404, "unknown-run"],
    [() => at("/v1/runs/nobody/stop", ""), 404, "unknown-run"],
    [() => at("/v1/approvals/a99", JSON.stringify({ allow: true })), 404, "unknown-approval"],
    [() => at("/v1/approvals/__proto__", JSON.stringify({ allow: true })), 404, "unknown-approval"],
    [() => at("/v1/approvals/a99", JSON.stringify({ allow: "yes" })), 422, "bad-request"],
    [() => at("/v1/sessions/..%2F..%2Fconfig/transcript?offset=-5"), 422, "bad-request"],
    [() => at("/v1/sessions/..%2F..%2Fconfig/transcript"), 404, "unknown-session"],
    [() => at("/v1/find?name=..%2F..%2Fx"), 404, "not-found"],
    [() => at("/v1/nothing"), 404, "not-found"],
    [() => at("/v1/hub/stop", JSON.stringify({ worker: "yes" })), 422, "bad-request"],
  ]
  for (const [answer, status, code] of answers) expect(await answer()).toMatchObject({ status, body: fault(code) as object })
  await untouched(fleet, head)
})

test("what makes no sense as things are is refused, and says how they are", async () => {
  await using fleet = await scenario({ slots: 2 })
  const run = await fleet.submit([
    task("gated", { gate: "human", prompt: '[[write path="a.txt" text="a"]] [[commit message="a"]]' }),
    task("busy", { prompt: "[[hang]]" }),
    task("waiting", { after: ["busy"] }),
  ])
  await fleet.untilTask("busy", "working")
  await expect(fleet.client.retryTask(run, "busy")).rejects.toMatchObject({ fault: fault("task-not-over") })
  await expect(fleet.client.retryTask(run, "waiting")).rejects.toMatchObject({ fault: fault("task-not-over") })
  await expect(fleet.client.retryTask(run, "nobody")).rejects.toMatchObject({ fault: fault("unknown-task") })
  // To go on with what goes on is no mistake, and changes nothing.
  expect(await fleet.client.continueRun(run)).toMatchObject({ status: "running", counts: { working: 1 } })
  const [approval] = await fleet.client.approvals()
  await fleet.client.answer(approval?.id ?? "", true, null)
  await expect(fleet.client.answer(approval?.id ?? "", false, null)).rejects.toMatchObject({ fault: fault("approval-answered") })
  await fleet.untilTask("gated", "done")
  await expect(fleet.client.retryTask(run, "gated")).rejects.toMatchObject({ fault: fault("task-not-over") })
  await expect(fleet.client.stopTask(run, "gated")).rejects.toMatchObject({ fault: fault("task-over") })
  await fleet.client.stopRun(run)
  const settled = await fleet.settled()
  expect(settled.tasks.map((one) => [one.key, one.status, one.attempts.length])).toEqual([
    ["gated", "done", 1],
    ["busy", "cancelled", 1],
    ["waiting", "cancelled", 0],
  ])
  await expect(fleet.client.stopRun(run)).rejects.toMatchObject({ fault: fault("run-over") })
  const done = await fleet.submit([task("quick", { type: "research", prompt: '[[say "nothing to change"]]' })])
  expect((await fleet.settled()).status).toBe("done")
  await expect(fleet.client.continueRun(done)).rejects.toMatchObject({ fault: fault("nothing-to-continue") })
})

test("fleet run refuses a bad plan with file and line and exit code 2, and starts nothing", async () => {
  await using fleet = await scenario()
  const head = await fleet.repo.git("rev-parse", "HEAD")
  const refused = async (plan: string, ...args: string[]): Promise<string> => {
    const file = path.join(fleet.home, "plan.yaml")
    await writeFile(file, plan)
    const { code, stderr } = await cli(["run", file, "--yes", ...args], { home: fleet.home, cwd: fleet.repo.path, env: fleet.environment })
    expect(code, stderr).toBe(2)
    return stderr
  }
  const file = path.join(fleet.home, "plan.yaml")
  const circle = await refused("tasks:\n  - { id: a, prompt: do a, after: [b] }\n  - { id: b, prompt: do b, after: [a] }\n")
  expect(circle).toContain(`${file}:2: error: tasks need each other in a circle: a → b → a`)
  expect(circle).toContain("fix: remove one of these edges")
  expect(circle).toContain("Nothing was started.")
  expect(await refused("tasks:\n  - { id: a, prompt: do a }\n  - { id: b, prompt: do b, after: [c] }\n")).toContain(`${file}:3: error: task "b" needs "c"`)
  expect(await refused("tasks: [\n")).toMatch(/plan\.yaml:\d: error: this is not YAML/)
  const many = Array.from({ length: 2_001 }, (_, n) => `  - { id: t${n}, prompt: do it }\n`).join("")
  expect(await refused(`tasks:\n${many}`)).toContain("the plan has 2001 tasks\n  why: the limit is 2000\n  fix: ")
  expect(await refused("tasks:\n  - { id: a, prompt: do a }\n", "--agent", "nobody")).toContain('no worker has an agent "nobody"')
  await untouched(fleet, head)
})
