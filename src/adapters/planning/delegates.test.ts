import { mkdir, mkdtempDisposable, readdir, rm, symlink } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { placeDelegates, removeDelegates } from "./delegates.ts"

const fleet = { node: "/usr/bin/node", cli: "/opt/fleet/cli.js" }
const leaves = { fault: { code: "leaves-project" } }
const place = (): ReturnType<typeof mkdtempDisposable> => mkdtempDisposable(path.join(tmpdir(), "fleet-delegates-"))

test.each([".citadel", ".citadel/scripts"])("nothing is placed or removed through a %s that leads out of the project", async (folder) => {
  await using root = await place()
  await using other = await place()
  const [linked, theirs] = [path.join(root.path, folder), path.join(other.path, folder)]
  await mkdir(path.dirname(linked), { recursive: true })
  await mkdir(theirs, { recursive: true })
  await symlink(theirs, linked)
  await expect(placeDelegates(root.path, fleet)).rejects.toMatchObject(leaves)
  expect(await readdir(theirs)).toEqual([])

  await placeDelegates(other.path, fleet)
  const scripts = path.join(other.path, ".citadel/scripts")
  const before = await readdir(scripts)
  expect(before).toContain("propagate.cjs")
  await expect(removeDelegates(root.path)).rejects.toMatchObject(leaves)
  expect(await readdir(scripts)).toEqual(before)

  await rm(linked)
  expect(new Set((await removeDelegates(other.path)).map(({ what }) => what))).toEqual(new Set(["removed"]))
  expect(await readdir(scripts)).toEqual([])
})
