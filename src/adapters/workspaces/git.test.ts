import { expect, test } from "vitest"
import { repository } from "../../../test/repository.ts"
import { Children } from "../../runtime/children.ts"
import { Git } from "./git.ts"

test("output over the limit is cut, and git is ended", async () => {
  await using repo = await repository({ "a.txt": "x".repeat(100_000) })
  await using children = new Children()
  const git = new Git(children, { PATH: process.env["PATH"] })
  expect(await git.run(repo.path, ["show", "HEAD:a.txt"], { stdoutBytesMax: 10 })).toMatchObject({ stdout: "x".repeat(10), cut: true })
  await expect(git.read(repo.path, ["show", "HEAD:a.txt"], { stdoutBytesMax: 10 })).rejects.toMatchObject({ fault: { code: "git-output-limit" } })
})

test("an abort ends a git that waits", async () => {
  await using repo = await repository({ "a.txt": "a\n" })
  await using children = new Children()
  const git = new Git(children, { PATH: process.env["PATH"] })
  const abort = new AbortController()
  // An alias that starts with `!` is a command that git waits for.
  const waiting = git.run(repo.path, ["-c", "alias.wait=!sleep 1000", "wait"], { signal: abort.signal })
  abort.abort(new Error("enough"))
  await expect(waiting).rejects.toThrow("enough")
  expect(children.size).toBe(0)
})

test("a missing git and a missing directory are different faults", async () => {
  await using repo = await repository({ "a.txt": "a\n" })
  await using children = new Children()
  await expect(new Git(children, { PATH: "/nowhere" }).run(repo.path, ["version"])).rejects.toMatchObject({ fault: { code: "git-missing" } })
  await expect(new Git(children, process.env).run(`${repo.path}/none`, ["version"])).rejects.toMatchObject({ fault: { code: "directory-missing" } })
})
