import { access } from "node:fs/promises"
import { expect, test } from "vitest"
import { repository } from "./repository.ts"

test("a test repository has its files committed on main and is gone afterwards", async () => {
  let path = ""
  {
    await using repo = await repository({ "src/a b.ts": "one\n" }, 'it\'s "ö"')
    path = repo.path
    expect(await repo.git("show", "main:src/a b.ts")).toBe("one")
    await repo.write("src/new.ts", "two\n")
    expect(await repo.git("status", "--porcelain")).toBe("?? src/new.ts")
    expect(await repo.commit("second")).toBe(await repo.git("rev-parse", "main"))
  }
  await expect(access(path)).rejects.toThrow("ENOENT")
})

test("a test repository without files has no commits", async () => {
  await using repo = await repository()
  await expect(repo.git("rev-parse", "--verify", "HEAD")).rejects.toThrow("Needed a single revision")
})
