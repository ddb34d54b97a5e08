import { chmod, mkdir, mkdtempDisposable, stat, writeFile } from "node:fs/promises"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { homeIdOf } from "../../main/names.ts"
import { FakeHub } from "./testing/fake-hub.ts"
import { fleet, jsonLines } from "./testing/fleet.ts"
import { hubView } from "./testing/views.ts"

interface Outcome {
  readonly name: string
  readonly status: string
  readonly fix: string | null
  readonly mended: string | null
}

async function doctor(home: string, ...args: string[]): Promise<{ code: number | null; of: (name: string) => Outcome | undefined }> {
  const ran = await fleet(["doctor", "--json", ...args], { home })
  const items = jsonLines(ran.stdout)[0]?.["items"] as Outcome[]
  return { code: ran.code, of: (name) => items.find((item) => item.name === name) }
}

test("a home that others may look into fails, with the command that mends it, and --fix mends it", async () => {
  await using home = await mkdtempDisposable(path.join(tmpdir(), "fleet-cli-"))
  await chmod(home.path, 0o755)
  const before = await doctor(home.path)
  expect(before.code).toBe(1)
  expect(before.of("home")).toMatchObject({ status: "failed", fix: `chmod 700 ${home.path}`, mended: null })
  const fixed = await doctor(home.path, "--fix")
  expect(fixed.code).toBe(0)
  expect(fixed.of("home")?.mended).toContain("closed")
  expect((await stat(home.path)).mode & 0o777).toBe(0o700)
})

test("a hub of another version fails, and says how to change it without touching the agents", async () => {
  await using hub = await FakeHub.start({
    "GET /v1/hub": () => ({ body: hubView("/h", { version: "0.0.1" }) }),
    "GET /v1/runs": () => ({ body: { items: [] } }),
  })
  const told = await doctor(hub.home)
  expect(told.code).toBe(1)
  expect(told.of("hub")).toMatchObject({ status: "failed", fix: "fleet hub stop --keep-worker && fleet hub start" })
})

test("processes that a dead worker left are found by their mark, and --fix ends them", async () => {
  await using home = await mkdtempDisposable(path.join(tmpdir(), "fleet-cli-"))
  const orphan = spawn("sleep", ["600"], { env: { ...process.env, FLEET_HOME_ID: homeIdOf(home.path, "local") }, detached: true, stdio: "ignore" })
  const gone = once(orphan, "exit")
  const told = await doctor(home.path)
  expect(told.of("orphans")).toMatchObject({ status: "failed", fix: `kill ${orphan.pid}` })
  expect((await doctor(home.path, "--fix")).of("orphans")?.mended).toBe("ended 1 process")
  await gone
})

test("checkouts in no record: an empty one is removed, any other is left alone", async () => {
  await using home = await mkdtempDisposable(path.join(tmpdir(), "fleet-cli-"))
  const [empty, full] = [path.join(home.path, "workspaces", "empty"), path.join(home.path, "workspaces", "full")]
  await mkdir(empty, { recursive: true })
  await mkdir(full)
  await writeFile(path.join(full, "work.txt"), "not to be lost")
  await doctor(home.path, "--fix")
  expect([existsSync(empty), existsSync(path.join(full, "work.txt"))]).toEqual([false, true])
})

test("a hub that cannot start: exit code 3, with the end of its log", async () => {
  await using home = await mkdtempDisposable(path.join(tmpdir(), "fleet-cli-"))
  const config = path.join(home.path, "config.yaml")
  await writeFile(config, "defaults:\n  slotz: 3\n")
  const ran = await fleet(["hub", "start"], { home: home.path, env: { FLEET_CONFIG: config } })
  expect(ran).toMatchObject({ code: 3, stdout: "" })
  expect(ran.stderr).toContain("error: the hub could not be started")
  expect(ran.stderr).toContain("slotz")
  expect(ran.stderr).toContain(`fix: read ${home.path}/hub.log`)
})
