import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises"
import path from "node:path"
import { expect, test } from "vitest"
import { eventually } from "../eventually.ts"
import { gitIn, repository } from "../repository.ts"
import { task } from "../world/world.ts"
import { readOnly, smallDisk, type Disk } from "./disk.ts"
import { configWith } from "./programs.ts"
import { describe, scenario, Scenario } from "./scenario.ts"

const write = (name: string): string => `[[write path="${name}" text="${name}"]] [[commit message="write ${name}"]]`
const noRetries = configWith({})

test("a branch called fleet stands in the way of Fleet's own, and is told with the fix", async () => {
  await using fleet = await scenario({ config: noRetries })
  await fleet.repo.git("branch", "fleet")
  await fleet.submit([task("a", { prompt: write("a.txt") })])
  const run = await fleet.settled()
  expect(run.status).toBe("failed")
  expect(run.tasks[0]?.reason).toMatch(/^the branch fleet\/\S+ cannot be made: there is a branch fleet, and git cannot keep both; fix: .*git branch -m fleet/)
  await fleet.repo.git("branch", "-m", "fleet", "fleet-old")
  await fleet.client.retryTask(run.id, "a")
  expect((await fleet.settled()).status).toBe("done")
})

test("a bare repository is worked on and landed on", async () => {
  await using fleet = await scenario()
  const bare = path.join(fleet.home, "person", "bare.git")
  await gitIn(fleet.repo.path, "clone", "-q", "--bare", fleet.repo.path, bare)
  await fleet.submit([task("a", { prompt: write("a.txt") })], { directory: bare })
  expect((await fleet.settled()).status).toBe("done")
  expect(await gitIn(bare, "show", "main:a.txt")).toBe("a.txt")
  await eventually("its workspaces are gone", async () => !(await gitIn(bare, "worktree", "list")).includes("workspaces"))
})

test("a branch with an upstream gets ahead of it by what landed, and nothing is pushed", async () => {
  await using fleet = await scenario()
  const origin = path.join(fleet.home, "person", "origin.git")
  await gitIn(fleet.repo.path, "clone", "-q", "--bare", fleet.repo.path, origin)
  await fleet.repo.git("remote", "add", "origin", origin)
  await fleet.repo.git("fetch", "-q", "origin")
  await fleet.repo.git("branch", "-q", "--set-upstream-to=origin/main", "main")
  await fleet.submit([task("a", { prompt: write("a.txt") })])
  expect((await fleet.settled()).status).toBe("done")
  expect(await fleet.repo.git("status", "-sb")).toMatch(/^## main\.\.\.origin\/main \[ahead \d\]$/)
  await expect(gitIn(origin, "show", "main:a.txt")).rejects.toThrow("a.txt")
})

test("a worktree of the person's own is worked from: its branch is the target, and its files follow", async () => {
  await using fleet = await scenario()
  const mine = path.join(fleet.home, "person", "mine")
  await fleet.repo.git("worktree", "add", "-q", "-b", "feature", mine)
  const before = await fleet.repo.git("rev-parse", "main")
  await fleet.submit([task("a", { prompt: write("a.txt") })], { directory: mine })
  expect(await fleet.settled()).toMatchObject({ status: "done", target: "feature" })
  expect(await gitIn(mine, "show", "HEAD:a.txt")).toBe("a.txt")
  expect(await gitIn(mine, "status", "--porcelain")).toBe("")
  expect(await fleet.repo.git("rev-parse", "main")).toBe(before)
})

test("a repository that is deleted during a run ends the run with the reason, and the next run on another goes well", async () => {
  await using fleet = await scenario({ config: noRetries })
  const doomed = path.join(fleet.home, "person", "doomed")
  await gitIn(fleet.repo.path, "clone", "-q", fleet.repo.path, doomed)
  const deleted = path.join(fleet.home, "deleted")
  await fleet.submit([task("a", { prompt: `[[run cmd="until test -e ${deleted}; do sleep 0.05; done"]] ${write("a.txt")}` }), task("b", { after: ["a"] })], {
    directory: doomed,
  })
  await fleet.untilTask("a", "working")
  await fleet.untilProgram("sh")
  await rm(doomed, { recursive: true })
  await writeFile(deleted, "")
  const run = await fleet.settled()
  expect(run.status).toBe("failed")
  expect(run.tasks[0]?.reason).toContain(`its repository ${doomed}/.git is gone`)
  expect(run.tasks[1]?.reason).toContain("blocked: a did not succeed")
  await fleet.client.retryTask(run.id, "a").catch(() => undefined)
  await fleet.settled()
  // What nobody can salvage is not removed.
  const [left = ""] = (await readdir(path.join(fleet.home, "workspaces"))).filter((name) => name.startsWith("doomed-"))
  expect(await readFile(path.join(fleet.home, "workspaces", left, "a.txt"), "utf8")).toBe("a.txt")
  await fleet.submit([task("a", { prompt: write("a.txt") })])
  expect((await fleet.settled()).status).toBe("done")
})

test("a lock that a dead git left in the person's checkout holds the landing, names itself, and lets it go on when it is gone", async () => {
  await using fleet = await scenario()
  await fleet.repo.write(".git/index.lock", "")
  await fleet.submit([task("a", { prompt: write("a.txt") })])
  const lock = path.join(fleet.repo.path, ".git", "index.lock")
  const held = await fleet.untilTask("a", "needs-you")
  expect(held.approvals[0]).toMatchObject({ kind: "landing", question: expect.stringContaining(`: a git holds ${lock}, or died there`) })
  expect(held.approvals[0]?.detail).toContain(`when no git runs there: rm '${lock}'`)
  await rm(lock)
  expect((await fleet.settled()).status).toBe("done")
  expect(await fleet.repo.git("status", "--porcelain")).toBe("")
})

test("a hook that refuses every commit: the agent's own is refused, Fleet commits what it left, and says so", async () => {
  await using fleet = await scenario()
  await fleet.repo.write(".git/hooks/pre-commit", "#!/bin/sh\necho no commits on a Friday >&2\nexit 1\n")
  await fleet.repo.git("config", "core.hooksPath", path.join(fleet.repo.path, ".git", "hooks"))
  await chmod(path.join(fleet.repo.path, ".git/hooks/pre-commit"), 0o755)
  await fleet.submit([task("a", { prompt: '[[write path="a.txt" text="a"]] [[run cmd="git add -A; git commit -m mine || true"]]' })])
  const run = await fleet.settled()
  expect(run.status).toBe("done")
  expect(run.tasks[0]?.proof).toMatchObject({ committedByFleet: true, commits: 1 })
  expect(await fleet.transcript(run.tasks[0]?.attempts[0]?.session ?? "")).toContain("no commits on a Friday")
})

test("agents at once have ports, names, ignored files and a setup of their own", async () => {
  const files = { ".gitignore": ".env\n*.made\n", ".worktreeinclude": ".env\n", "README.md": "x\n" }
  await using fleet = await scenario({ files, slots: 2 })
  await fleet.repo.write(".env", "SECRET=1\n")
  const meet = (mine: string, other: string): string =>
    `touch ${fleet.home}/${mine}; until test -e ${fleet.home}/${other}; do sleep 0.05; done; ` +
    `echo \\"$FLEET_PORT_BASE $FLEET_RUN $FLEET_TASK $FLEET_SESSION $FLEET_PORT $(cat .env setup.made)\\" > ${mine}.txt`
  await fleet.submit(
    [task("left", { prompt: `[[run cmd="${meet("left", "right")}"]]` }), task("right", { prompt: `[[run cmd="${meet("right", "left")}"]]` })],
    {
      setup: "echo made > setup.made",
    },
  )
  const run = await fleet.settled()
  expect(run.status).toBe("done")
  const said = await Promise.all(["left", "right"].map(async (key) => (await fleet.file(`${key}.txt`)).split(/\s/)))
  const { port } = await fleet.client.hub()
  expect(said.map((words) => words.slice(1))).toEqual(
    ["left", "right"].map((key) => [run.id, key, expect.stringContaining(key), String(port), "SECRET=1", "made"]),
  )
  expect(new Set(said.map(([base]) => base)).size).toBe(2)
})

test("a setup command that fails is why the task failed, and its words are there", async () => {
  await using fleet = await scenario({ config: noRetries })
  await fleet.submit([task("a", { prompt: write("a.txt") })], { setup: "echo no compiler >&2; exit 3" })
  const run = await fleet.settled()
  expect(run).toMatchObject({ status: "failed" })
  expect(run.tasks[0]?.reason).toContain('the setup command "echo no compiler >&2; exit 3" exited with 3: no compiler; fix: ')
  await fleet.tidied()
  expect(await fleet.leftovers()).toEqual([])
})

test("an agent that deletes .git only cuts its workspace off: what it wrote lands", async () => {
  await using fleet = await scenario({ config: noRetries })
  await fleet.submit([task("a", { prompt: '[[write path="a.txt" text="a"]] [[run cmd="rm .git"]]' })])
  const run = await fleet.settled()
  expect(run.status, run.tasks[0]?.reason).toBe("done")
  expect(await fleet.file("a.txt")).toBe("a")
})

test("an agent that puts a repository of its own in place of Fleet's is told of, and a retry takes nothing away", async () => {
  await using fleet = await scenario({ config: noRetries })
  const cmd = "rm .git && git init -q && git add -A && git -c user.name=x -c user.email=x@x commit -qm mine"
  const run = await fleet.submit([task("a", { prompt: `[[write path="a.txt" text="a"]] [[run cmd="${cmd}"]]` })])
  const reason = (await fleet.settled()).tasks[0]?.reason ?? ""
  expect(reason).toContain("the agent put a repository of its own in its place: ")
  await fleet.client.retryTask(run, "a")
  expect((await fleet.settled()).tasks[0]?.reason).toBe(reason)
  const [left = ""] = await readdir(path.join(fleet.home, "workspaces"))
  expect(await gitIn(path.join(fleet.home, "workspaces", left), "show", "HEAD:a.txt")).toBe("a")
})

test("submodules and files of LFS are whole in a workspace, and work in that repository lands", async (context) => {
  if (
    await gitIn("/", "lfs", "version").then(
      () => false,
      () => true,
    )
  )
    return context.skip("git-lfs is not installed here")
  await using library = await repository({ "lib.txt": "library\n" }, "library")
  await using fleet = await scenario()
  const { repo } = fleet
  await repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", library.path, "lib")
  await repo.git("lfs", "install", "--local")
  await repo.git("lfs", "track", "*.bin")
  await repo.write("big.bin", "a large file\n")
  await repo.commit("a submodule and a large file")
  expect(await repo.git("show", "HEAD:big.bin")).toContain("version https://git-lfs")
  await fleet.submit([task("a", { prompt: '[[run cmd="cat lib/lib.txt big.bin > seen.txt; echo another > new.bin; git add -A"]] [[commit message="see"]]' })])
  const run = await fleet.settled()
  expect(run.status, run.tasks[0]?.reason).toBe("done")
  expect(await fleet.file("seen.txt")).toBe("library\na large file")
  expect(await fleet.file("new.bin")).toContain("version https://git-lfs")
  expect(await readFile(path.join(repo.path, "new.bin"), "utf8")).toBe("another\n")
  expect(await repo.git("status", "--porcelain")).toBe("")
})

test("a repository that cannot be written to is refused with the reason, and nothing is started", async (context) => {
  await using fleet = await scenario({ config: noRetries })
  await using lock = await readOnlyOrNull(path.join(fleet.repo.path, ".git"), context.skip)
  if (lock === null) return
  const refused = fleet.submit([task("a", { prompt: write("a.txt") })])
  await expect(refused).rejects.toMatchObject({ fault: { why: expect.stringContaining("read-only file system"), fix: expect.stringContaining(".git/fleet") } })
  expect(await fleet.client.runs()).toEqual([])
})

test("when the disk of Fleet's home is full the hub says so and changes nothing, and goes on when there is room", async (context) => {
  await using disk = await smallDiskOrNull(24, context.skip)
  if (disk === null) return
  await using repo = await repository({ "README.md": "x\n" })
  const home = path.join(disk.path, "home")
  await mkdir(path.join(home, "person"), { recursive: true, mode: 0o700 })
  await writeFile(path.join(home, "config.yaml"), JSON.stringify({ defaults: { agent: "scripted" } }))
  await using fleet = new Scenario(home, repo, { slots: 2 })
  await fleet.startHub()
  const gates = await fleet.submit(Array.from({ length: 800 }, (_, n) => task(`gate${n}`, { gate: "human", scope: [`out/${n}`] })))
  const go = path.join(repo.path, "..", "go")
  await fleet.submit([
    task("before", { prompt: write("before.txt") }),
    task("meanwhile", { prompt: `[[if attempt=1]] [[run cmd="until test -e ${go}; do sleep 0.05; done"]] [[end]] ${write("meanwhile.txt")}` }),
    task("after", { after: ["meanwhile"], gate: "human", prompt: write("after.txt") }),
  ])
  await fleet.untilTask("before", "done")
  await fleet.untilTask("meanwhile", "working")
  await fleet.untilProgram("sh")
  const { pid } = await fleet.client.hub()
  const approvals = (await fleet.client.approvals()).filter((approval) => approval.run === gates)
  const answered: string[] = []
  {
    await using _full = await disk.fill()
    let refused: unknown = null
    for (const { id } of approvals) {
      refused = await fleet.client.answer(id, false, "x".repeat(10_000)).then(
        () => void answered.push(id),
        (error: unknown) => error,
      )
      if (refused !== undefined) break
    }
    expect(refused).toMatchObject({ fault: { code: "store-full", why: expect.stringContaining("there is no room left"), fix: expect.any(String) } })
    expect(await stillOpen(fleet, gates)).toBe(approvals.length - answered.length)
    await writeFile(go, "")
    await eventually("the agent has gone on, and found no room", async () => !(await fleet.processes()).some((found) => found.endsWith(" sh")))
    expect((await fleet.client.hub()).pid).toBe(pid)
  }
  await eventually("the hub takes commands again", () => fleet.client.stopRun(gates).catch(() => null))
  await fleet.killHub()
  await fleet.startHub()
  expect((await fleet.client.run(gates)).counts).toMatchObject({ failed: answered.length, cancelled: approvals.length - answered.length })
  const asked = await fleet.untilTask("after", "needs-you")
  await fleet.client.answer(asked.approvals[0]?.id ?? "", true, null)
  const settled = await fleet.settled()
  expect(settled.status, describe(settled)).toBe("done")
  expect((await fleet.landed()).toSorted()).toEqual(["after", "before", "meanwhile"])
})

async function stillOpen(fleet: Scenario, run: string): Promise<number> {
  return (await fleet.client.approvals()).filter((approval) => approval.run === run).length
}

async function smallDiskOrNull(megabytes: number, skip: (reason: string) => void): Promise<Disk | null> {
  const disk = await smallDisk(megabytes)
  if (typeof disk !== "string") return disk
  skip(disk)
  return null
}

async function readOnlyOrNull(directory: string, skip: (reason: string) => void): Promise<AsyncDisposable | null> {
  const lock = await readOnly(directory)
  if (typeof lock !== "string") return lock
  skip(lock)
  return null
}
