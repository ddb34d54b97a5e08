import { execFile } from "node:child_process"
import { mkdir, mkdtempDisposable, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { promisify } from "node:util"
import { expect, test } from "vitest"
import { openPlain, readPlain, readPlainNow } from "./plain-file.ts"

const run = promisify(execFile)
const limit = 1024

async function place() {
  const home = await mkdtempDisposable(path.join(tmpdir(), "fleet-plain-"))
  const at = (name: string): string => path.join(home.path, name)
  return { at, [Symbol.asyncDispose]: () => home[Symbol.asyncDispose]() }
}

test("a plain file is read whole, up to the limit; one that is not there is null", async () => {
  await using here = await place()
  await writeFile(here.at("small"), "Grüße")
  await writeFile(here.at("full"), "x".repeat(limit))
  await writeFile(here.at("large"), "x".repeat(limit + 1))
  for (const read of [readPlain, readPlainNow]) {
    expect(await read(here.at("small"), limit)).toEqual({ ok: true, text: "Grüße" })
    expect(await read(here.at("full"), limit)).toEqual({ ok: true, text: "x".repeat(limit) })
    expect(await read(here.at("large"), limit)).toEqual({ ok: false, why: "it is larger than 1 KiB" })
    expect(await read(here.at("none"), limit)).toBeNull()
    expect(await read(here.at("small/none"), limit)).toBeNull()
  }
})

test("pipes, devices, folders and links are told at once, and none is waited for", async () => {
  await using here = await place()
  await run("mkfifo", [here.at("pipe")])
  await mkdir(here.at("folder"))
  await symlink("/dev/zero", here.at("endless"))
  await writeFile(here.at("theirs"), "theirs")
  await symlink("theirs", here.at("link"))
  const [plain, link] = ["it is not a plain file", "it is a symlink, which is not followed here"].map((why) => ({ ok: false, why }))
  for (const read of [readPlain, readPlainNow, openPlain]) {
    expect(await read(here.at("pipe"), limit)).toEqual(plain)
    expect(await read(here.at("folder"), limit)).toEqual(plain)
    expect(await read(here.at("endless"), limit)).toEqual(link)
    expect(await read(here.at("link"), limit)).toEqual(link)
  }
  expect(await readPlain(here.at("link"), limit, "followed")).toEqual({ ok: true, text: "theirs" })
  expect(await readPlain(here.at("endless"), limit, "followed")).toEqual(plain)
})

test("one that is read in parts says its size", async () => {
  await using here = await place()
  await writeFile(here.at("small"), "small")
  const opened = await openPlain(here.at("small"), limit)
  if (opened?.ok !== true) throw new Error("not opened")
  await using handle = opened.handle
  expect(opened.size).toBe(5)
  expect(await handle.readFile("utf8")).toBe("small")
})
