/** A disk that is really full: a small tmpfs in a mount namespace of its own, which is gone with its last process. */
import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"

const program = new URL("../../../test/fixtures/programs/fills-the-disk.ts", import.meta.url).pathname
const namespace = process.getuid?.() === 0 ? ["unshare", "-m"] : ["unshare", "-rm"]
const onSmallDisk = (directory: string, then: string[]): string[] => [
  ...namespace.slice(1),
  "/bin/sh",
  "-c",
  'mount -t tmpfs -o size=4m fleet "$1" && shift && exec "$@"',
  "sh",
  directory,
  ...then,
]

/** Null when this machine lets us mount. */
function whyNot(): string | null {
  const directory = mkdtempSync(join(tmpdir(), "fleet-mount-"))
  const tried = spawnSync("unshare", onSmallDisk(directory, ["true"]), { encoding: "utf8" })
  rmSync(directory, { recursive: true })
  return tried.status === 0 ? null : (tried.error?.message ?? tried.stderr.trim())
}

test("on a full disk a commit is refused whole, and commits go on once there is room", (context) => {
  const reason = whyNot()
  if (reason !== null) return context.skip(`no small disk can be mounted here: ${reason}`)
  const directory = mkdtempSync(join(tmpdir(), "fleet-disk-"))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const said = execFileSync("unshare", onSmallDisk(directory, [process.execPath, program, directory]), { encoding: "utf8" })
  const { refused, again, after, events, open, whole } = JSON.parse(said) as Record<string, unknown> & { refused: { version: number; code: string } }
  expect(refused.code).toBe("store-full")
  expect(refused.version).toBeGreaterThan(0)
  expect(again).toMatchObject({ code: "store-full" })
  expect(events).toBe(after)
  expect(open).toEqual([`a${String(after)}`])
  expect(whole).toBe(true)
})
