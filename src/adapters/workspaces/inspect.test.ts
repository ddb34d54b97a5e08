import { mkdir } from "node:fs/promises"
import { dirname, join } from "node:path"
import { expect, test } from "vitest"
import { desk } from "./fixtures/desk.ts"

test("facts of an ordinary checkout, also from a folder inside it", async () => {
  await using it = await desk({ "a.txt": "one\n", "deep/er/b.txt": "b\n" })
  await it.repo.git("branch", "feature/x")
  await it.repo.write("a.txt", "changed\n")
  await it.repo.write("untracked", "u\n")
  const facts = await it.fleet.inspect(it.repo.path)
  expect(facts).toEqual({
    root: it.repo.path,
    commonDirectory: join(it.repo.path, ".git"),
    head: await it.repo.git("rev-parse", "HEAD"),
    branch: "main",
    bare: false,
    dirty: ["a.txt"],
    branches: ["feature/x", "main"],
    ignoreCase: (await it.repo.git("config", "--default", "false", "core.ignorecase")) === "true",
    refCommit: null,
  })
  expect(await it.fleet.inspect(join(it.repo.path, "deep/er"))).toEqual(facts)
})

test("a repository without commits, a detached HEAD, a bare repository, and one of our own worktrees", async () => {
  await using empty = await desk(null)
  expect(await empty.fleet.inspect(empty.repo.path)).toMatchObject({ head: null, branch: "main", branches: [] })
  await using it = await desk()
  const { path } = await it.prepare("run.a")
  expect(await it.fleet.inspect(path)).toMatchObject({ root: path, branch: "fleet/run.a", commonDirectory: join(it.repo.path, ".git") })
  await it.repo.git("checkout", "-q", "--detach")
  expect(await it.fleet.inspect(it.repo.path)).toMatchObject({ branch: null, dirty: [] })
  const bare = join(dirname(it.home), "bare.git")
  await it.repo.git("clone", "-q", "--bare", it.repo.path, bare)
  expect(await it.fleet.inspect(bare)).toMatchObject({ root: bare, bare: true, dirty: [] })
})

test("a directory that is no repository, and one that is not there, say what to do", async () => {
  await using it = await desk()
  await mkdir(join(it.home, "plain"))
  await expect(it.fleet.inspect(join(it.home, "plain"))).rejects.toMatchObject({ fault: { code: "not-a-repository" } })
  await expect(it.fleet.inspect(join(it.home, "none"))).rejects.toMatchObject({ fault: { code: "directory-missing" } })
})
