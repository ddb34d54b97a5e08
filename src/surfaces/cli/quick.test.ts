import { mkdir, readFile, writeFile } from "node:fs/promises"
import path from "node:path"
import { expect, test } from "vitest"
import { repository } from "../../../test/repository.ts"
import { FakeHub } from "./testing/fake-hub.ts"
import { fleet } from "./testing/fleet.ts"
import { runView } from "./testing/views.ts"

const begun = { "POST /v1/campaigns": () => ({ body: { ...runView([]), said: [] } }) }

test("tasks of which each waits for another are not called independent; of others only those that can work at the same time are asked about", async () => {
  await using project = await repository({ "README.md": "# A project\n" })
  await using hub = await FakeHub.start(begun)
  const asked = async (...tasks: string[]) =>
    (await fleet(["quick", ...tasks, "--consent", "3", "--detach"], { home: hub.home, cwd: project.path })).stderr.split("\n")
  const chain = await asked("Write e to c.txt (id: e)", "Write f to c.txt (id: f)")
  expect(chain).toContain("f waits for e: both touch c.txt")
  expect(chain.join("\n")).not.toContain("These look independent")
  const partly = await asked("Write e to c.txt (id: e)", "Write f to c.txt (id: f)", "Write g to d.txt (id: g)")
  expect(partly.filter((line) => /^\d\. /.test(line))).toEqual(["1. Write e to c.txt", "2. Write g to d.txt"])
})

test.each(["[1,2", '{ "consent": [1] }'])(
  "harness.json that says %s is left as it is: the answer holds for this time, which is said, and the tasks are begun",
  async (text) => {
    await using project = await repository({ "README.md": "# A project\n" })
    await using hub = await FakeHub.start(begun)
    await mkdir(path.join(project.path, ".claude"))
    await writeFile(path.join(project.path, ".claude/harness.json"), text)
    const ran = await fleet(["quick", "fix a; fix b", "--consent", "2", "--detach"], { home: hub.home, cwd: project.path })
    expect(ran.code).toBe(0)
    expect(hub.asked.at(-1)?.body).toMatchObject({ mode: "quick" })
    expect(ran.stderr).toMatch(/^warning: your answer holds for this time only: .*harness\.json.*\n {2}why: .+\n {2}fix: .+/m)
    expect(ran.stderr).not.toContain("error:")
    expect(await readFile(path.join(project.path, ".claude/harness.json"), "utf8")).toBe(text)
  },
)

test.each([[[""]], [["  "]], [["--direction", ""]]])("a direction without words, %j, is refused before anything is said of it", async (args) => {
  await using project = await repository({ "README.md": "# A project\n" })
  await using hub = await FakeHub.start(begun)
  const ran = await fleet(["run", ...args], { home: hub.home, cwd: project.path })
  expect(ran.code).toBe(2)
  expect(ran.stderr).toMatch(/^error: there is no direction\n/)
})

test("who allows agents session by session is asked once in six hours", async () => {
  await using project = await repository({ "README.md": "# A project\n", ".claude/harness.json": '{ "consent": { "fleetSpawn": "session-allow" } }\n' })
  await using hub = await FakeHub.start(begun)
  const quick = (...more: string[]) => fleet(["quick", "fix a; fix b", "--detach", ...more], { home: hub.home, cwd: project.path })
  expect((await quick()).code).toBe(5)
  expect((await quick("--consent", "1")).code).toBe(0)
  expect((await quick()).code).toBe(0)
})
