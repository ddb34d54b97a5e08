/**
 * Checkouts at paths that were asked for. The folders that have to be made for one are written down first, so that taking it
 * back, now or after a crash, removes exactly those that are ours and empty, and nothing that was there before.
 */
import { lstat, mkdir, readdir, realpath, rmdir } from "node:fs/promises"
import { basename, dirname, isAbsolute, join, normalize } from "node:path"
import { fault, FaultError } from "../../domain/fault.ts"
import type { Context } from "./context.ts"
import type { Owned, Place } from "./journal.ts"

/** As git writes it down: absolute, links of what exists of it resolved. */
export async function givenPath(path: string): Promise<string> {
  if (!isAbsolute(path) || path.includes("\0") || normalize(path) !== path || path === "/")
    throw new FaultError(fault("bad-path", `${JSON.stringify(path)} is no place for a checkout`, "it is not a plain absolute path", "give an absolute path"))
  return realOf(path)
}

/** Makes the folder of a checkout, empty, with `making` in the journal before anybody else looks. Refuses what is in use by anybody. */
export function takeFolder(context: Context, making: Extract<Owned, { state: "making" }>): Promise<void> {
  const { path, workspace } = making
  return context.folders.run(async () => {
    const others = (await context.journal.all()).filter((record) => record.workspace !== workspace && record.state !== "released" && record.path === path)
    if (others[0] !== undefined) throw taken(path, `the workspace ${others[0].workspace} is there`)
    const there = await lstat(path).catch(() => null)
    if (there === null) await makeFolders(context, path)
    else if (!there.isDirectory()) throw taken(path, "it is not a directory")
    else if ((await readdir(path).catch((error: Error) => Promise.reject(unwritable(path, error)))).length > 0) throw taken(path, "it is not empty")
    await context.journal.write(making)
  })
}

/** To be called when the checkout is gone. A folder that was there before stays, empty as it was. */
export async function giveFolderBack(context: Context, place: Pick<Place, "path" | "given">): Promise<void> {
  if (!place.given) return
  await context.folders.run(async () => {
    if (await context.journal.hasFolder(place.path)) await removeFolders(context, place.path)
    else await mkdir(place.path).catch(() => undefined)
  })
}

async function realOf(path: string): Promise<string> {
  const parent = dirname(path)
  const real = await realpath(parent).catch(() => null)
  if (real !== null) return join(real, basename(path))
  return parent === path ? path : join(await realOf(parent), basename(path))
}

async function makeFolders(context: Context, path: string): Promise<void> {
  const missing: string[] = []
  for (let folder = path; (await lstat(folder).catch(() => null)) === null; folder = dirname(folder)) missing.unshift(folder)
  try {
    for (const folder of missing) {
      await context.journal.addFolder(folder)
      await mkdir(folder)
    }
  } catch (error) {
    await removeFolders(context, path)
    throw unwritable(path, error as Error)
  }
}

/** From the checkout's own folder upwards, as long as they are ours and empty. */
async function removeFolders(context: Context, path: string): Promise<void> {
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    if (!(await context.journal.hasFolder(folder))) {
      // One that could not be made was not written down any more; those above it may be.
      if ((await lstat(folder).catch(() => null)) !== null) return
      continue
    }
    await rmdir(folder).catch(() => undefined)
    if ((await lstat(folder).catch(() => null)) !== null) return
    await context.journal.dropFolder(folder)
  }
}

const taken = (path: string, why: string): FaultError =>
  new FaultError(fault("path-taken", `there is something at ${path} already`, why, "choose another branch or path, or move away what is there"))

const unwritable = (path: string, error: Error): FaultError =>
  new FaultError(fault("path-unwritable", `no checkout can be made at ${path}`, error.message, "make its folder writable, or choose another path"), {
    cause: error,
  })
