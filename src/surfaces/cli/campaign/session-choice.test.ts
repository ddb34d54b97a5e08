import { mkdir, writeFile } from "node:fs/promises"
import path from "node:path"
import { expect, test } from "vitest"
import { repository } from "../../../../test/repository.ts"
import { sessionNamed } from "./session-choice.ts"

test("a session file is named by its slug, with or without what its file name begins with, from anywhere in its repository", async () => {
  await using repo = await repository({ "src/a.ts": "a\n" })
  await mkdir(path.join(repo.path, ".planning/fleet"), { recursive: true })
  await writeFile(path.join(repo.path, ".planning/fleet/session-right.md"), "# Fleet Session: right\n")
  const found = ["right", "session-right", "session-right.md", "righ", "left", "../right"].map((name) => sessionNamed(path.join(repo.path, "src"), name))
  expect(found).toEqual(["right", "right", "right", null, null, null])
})
