import { readFile, rm } from "node:fs/promises"
import { dirname, join } from "node:path"
import { expect, test } from "vitest"
import { gitIn } from "../../../test/repository.ts"
import { id } from "../../domain/ids.ts"
import { calm, commitIn, desk, failed, landJob, passed, put, type Desk } from "./fixtures/desk.ts"

async function work(it: Desk, name: string, files: Record<string, string>): Promise<{ head: string; tree: string }> {
  const { path } = await it.prepare(name)
  for (const [file, text] of Object.entries(files)) await put(path, file, text)
  return it.collect(name)
}

test("a landing is a merge commit with the job's message, and asked again it names the same commit", async () => {
  await using it = await desk()
  const before = await it.repo.git("rev-parse", "main")
  const collected = await work(it, "run.a", { "a.txt": "agent\n" })
  const first = await it.land(collected)
  expect(await it.repo.git("log", "-1", "--format=%P%n%s%n%(trailers:key=Fleet-Task,valueonly)", "main")).toBe(`${before} ${collected.head}\nLand it\na\n`)
  await it.land(await work(it, "run.b", { "b.txt": "other\n" }))
  expect(await it.land(collected)).toEqual(first)
  expect(await it.repo.git("for-each-ref", "refs/fleet/landing")).toBe("")
})

test("the person's clean checkout of the target moves along", async () => {
  await using it = await desk()
  expect(await it.land(await work(it, "run.a", { "a.txt": "agent\n", "new/x": "x\n" }))).toMatchObject({ how: "landed" })
  expect(await readFile(join(it.repo.path, "new/x"), "utf8")).toBe("x\n")
  expect(await it.repo.git("status", "--porcelain")).toBe("")
})

test("a checkout on another branch is not touched", async () => {
  await using it = await desk()
  await it.repo.git("checkout", "-q", "-b", "persons")
  await it.repo.write("a.txt", "dirty\n")
  expect(await it.land(await work(it, "run.a", { "b.txt": "agent\n" }))).toMatchObject({ how: "landed" })
  expect(await it.repo.git("show", "main:b.txt")).toBe("agent")
  expect(await it.repo.git("status", "--porcelain")).toBe(" M a.txt")
})

test("a dirty checkout of the target holds the landing, says which and why, and loses nothing", async () => {
  await using it = await desk()
  const before = await it.repo.git("rev-parse", "main")
  const collected = await work(it, "run.a", { "a.txt": "agent\n" })
  await it.repo.write("b.txt", "person's unsaved\n")
  const outcome = await it.land(collected)
  expect(outcome).toMatchObject({ how: "held", fault: { code: "target-dirty", what: `the landing waits for ${it.repo.path}` } })
  expect(outcome).toMatchObject({ fault: { why: expect.stringContaining("b.txt") } })
  expect(await it.repo.git("rev-parse", "main")).toBe(before)
  await it.repo.git("checkout", "b.txt")
  expect(await it.land(collected)).toMatchObject({ how: "landed" })
})

test("untracked and ignored files in the way hold the landing", async () => {
  await using it = await desk({ "a.txt": "one\n", ".gitignore": "ignored\n" })
  const { path } = await it.prepare("run.a")
  await put(path, "new.txt", "agent\n")
  await put(path, "ignored", "agent\n")
  await gitIn(path, "add", "-f", "ignored")
  const collected = await it.collect("run.a")
  for (const file of ["new.txt", "ignored"]) {
    await it.repo.write(file, "person's\n")
    expect(await it.land(collected)).toMatchObject({ how: "held", fault: { code: "target-untracked" } })
    expect(await readFile(join(it.repo.path, file), "utf8")).toBe("person's\n")
    await rm(join(it.repo.path, file))
  }
  expect(await it.land(collected)).toMatchObject({ how: "landed" })
})

test("a merge, a rebase or a bisection of the target going on in a checkout holds the landing", async () => {
  await using it = await desk()
  await it.repo.git("checkout", "-q", "-b", "other")
  await it.repo.write("a.txt", "other\n")
  await it.repo.commit("other")
  await it.repo.git("checkout", "-q", "main")
  const collected = await work(it, "run.a", { "b.txt": "agent\n" })
  await it.repo.write("a.txt", "person\n")
  await it.repo.commit("person's")
  const before = await it.repo.git("rev-parse", "main")
  await it.repo.git("merge", "other").catch(() => "conflict")
  expect(await it.land(collected)).toMatchObject({ how: "held" })
  await it.repo.git("merge", "--abort")
  await it.repo.git("rebase", "other").catch(() => "conflict")
  expect(await it.land(collected)).toMatchObject({ how: "held", fault: { why: expect.stringContaining("rebase") } })
  await it.repo.git("rebase", "--abort")
  await it.repo.git("bisect", "start", "main", "main~1")
  expect(await it.land(collected)).toMatchObject({ how: "held" })
  await it.repo.git("bisect", "reset")
  expect(await it.repo.git("rev-parse", "main")).toBe(before)
  expect(await it.land(collected)).toMatchObject({ how: "landed" })
})

test("a conflict names the files and what the target gained in them", async () => {
  await using it = await desk()
  const collected = await work(it, "run.a", { "a.txt": "agent\n" })
  await it.repo.write("a.txt", "person\n")
  const theirs = await it.repo.commit("person changes a")
  await it.repo.write("b.txt", "unrelated\n")
  const target = await it.repo.commit("unrelated")
  expect(await it.land(collected)).toEqual({
    how: "conflict",
    task: "run/a",
    target,
    files: ["a.txt"],
    theirs: [`${(await it.repo.git("rev-parse", "--short", theirs)).trim()} person changes a`],
  })
  expect(await it.repo.git("status", "--porcelain")).toBe("")
})

test("checks run on the merged tree, in a checkout of the landing's own that is reused; a failure lands nothing", async () => {
  await using it = await desk()
  const collected = await work(it, "run.a", { "a.txt": "agent\n" })
  await it.repo.write("b.txt", "person\n")
  const before = await it.repo.commit("person's")
  const seen: string[] = []
  const look = async (directory: string) => {
    seen.push(directory, await readFile(join(directory, "a.txt"), "utf8"), await readFile(join(directory, "b.txt"), "utf8"))
    await put(directory, "left-by-check", "x\n")
    await gitIn(directory, "checkout", "-q", "-b", `by-check-${seen.length}`)
    return [passed("first"), failed("test")]
  }
  expect(await it.land(collected, { commands: ["test"] }, look)).toMatchObject({ how: "checks-failed", checks: [{ passed: true }, { passed: false }] })
  expect(await it.repo.git("rev-parse", "main")).toBe(before)
  expect(
    await it.land(collected, { commands: ["test"] }, async (directory) => {
      expect(directory).toBe(seen[0])
      expect(await gitIn(directory, "status", "--porcelain")).toBe("")
      return [passed("test")]
    }),
  ).toMatchObject({ how: "landed", checks: [{ passed: true }] })
  expect(seen.slice(1)).toEqual(["agent\n", "person\n"])
  expect(dirname(seen[0] ?? "")).toBe(join(it.home, "workspaces"))
})

test("checks are spared only when the same tree is proved by the very same commands", async () => {
  await using it = await desk()
  const { head, tree } = await work(it, "run.a", { "a.txt": "agent\n" })
  const [item] = landJob(it.repo.path, head, "l").items
  const land = async (proved: string[], provedTree = tree): Promise<number> => {
    let runs = 0
    await it.land({ head }, { commands: ["test"], items: [{ ...item!, provedTree, proved }] }, async () => [failed(`${++runs}`)])
    return runs
  }
  expect(await land(["lint"])).toBe(1)
  expect(await land(["test"], "0".repeat(40))).toBe(1)
  expect(await land(["lint", "test"])).toBe(0)
})

test("the landing's setup runs once while lockfiles stay the same", async () => {
  await using it = await desk({ "a.txt": "one\n", "package.json": "{}\n", ".gitignore": "node_modules\n" })
  const setup = "mkdir -p node_modules && echo x >> node_modules/made"
  const made: string[] = []
  const look = async (directory: string) => {
    made.push(await readFile(join(directory, "node_modules/made"), "utf8"))
    return [passed("test")]
  }
  await it.land(await work(it, "run.a", { "a.txt": "a\n" }), { setup, commands: ["test"] }, look)
  await it.land(await work(it, "run.b", { "b.txt": "b\n" }), { setup, commands: ["test"] }, look)
  expect(made).toEqual(["x\n", "x\n"])
  expect(await it.fleet.tidy(it.repo.path)).toBe(1)
})

test("landings race with the person's commits and with each other, and nothing is lost", async () => {
  await using it = await desk()
  await it.repo.git("checkout", "-q", "--detach")
  const works = await Promise.all(Array.from({ length: 8 }, (_, number) => work(it, `run.t${number}`, { [`t${number}`]: "x\n" })))
  let racing = true
  const person = (async () => {
    let number = 0
    for (; racing && number < 40; number++) {
      const tip = await it.repo.git("rev-parse", "main")
      const commit = await it.repo.git("commit-tree", `${tip}^{tree}`, "-p", tip, "-m", `person ${number}`)
      await it.repo.git("update-ref", "refs/heads/main", commit, tip).catch(() => "lost the race")
    }
  })()
  const outcomes = await Promise.all(works.map((each) => it.land(each)))
  racing = false
  await person
  expect(outcomes.map((outcome) => outcome.how)).toEqual(works.map(() => "landed"))
  expect((await it.repo.git("ls-tree", "--name-only", "main")).split("\n").filter((file) => file.startsWith("t"))).toHaveLength(8)
})

test("landing while agents commit in their workspaces costs no agent a command", async () => {
  await using it = await desk()
  const busy = await Promise.all(["run.x", "run.y"].map((name) => it.prepare(name)))
  const committing = busy.map(async ({ path }) => {
    for (let number = 0; number < 20; number++) {
      await put(path, "f", `${number}\n`)
      await commitIn(path, `${number}`)
    }
  })
  for (let number = 0; number < 5; number++) {
    expect(await it.land(await work(it, `run.t${number}`, { [`t${number}`]: "x\n" }))).toMatchObject({ how: "landed" })
    await it.fleet.release(id(`run.t${number}`), true)
  }
  await Promise.all(committing)
})

test("a landing that a crashed machine left half done in the checkout is finished", async () => {
  await using it = await desk()
  const { head } = await work(it, "run.a", { "a.txt": "agent\n", "new.txt": "n\n" })
  // What git's fast-forward has done just before it moves the branch: files and index are those of the merge.
  await it.repo.git("read-tree", "-m", "-u", "main", head)
  expect(await it.land({ head })).toMatchObject({ how: "landed" })
  expect(await it.repo.git("status", "--porcelain")).toBe("")
})

test("a target that does not exist and work that is gone are faults", async () => {
  await using it = await desk()
  const collected = await work(it, "run.a", { "a.txt": "agent\n" })
  await expect(it.land(collected, { target: "nowhere" })).rejects.toMatchObject({ fault: { code: "unknown-target" } })
  await expect(it.land({ head: "1".repeat(40) })).rejects.toMatchObject({ fault: { code: "work-missing" } })
})

test("several items land as one chain of merges, one commit each", async () => {
  await using it = await desk()
  const before = await it.repo.git("rev-parse", "main")
  const works = [await work(it, "run.a", { "a.txt": "agent a\n" }), await work(it, "run.b", { "b.txt": "agent b\n" })]
  const items = works.flatMap(({ head }) => landJob(it.repo.path, head, "l").items)
  expect(await it.fleet.land(landJob(it.repo.path, "", "l.1", { items }), async () => [], calm)).toMatchObject({ how: "landed" })
  expect(await it.repo.git("rev-list", "--first-parent", "--count", `${before}..main`)).toBe("2")
})
