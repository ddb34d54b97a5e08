/**
 * Which process watches the discoveries of a project: `.planning/discoveries/.watcher.pid`, its pid on the first line (C.3) and when it started
 * on the second, so that another process that was given the same pid later is not taken for it.
 */
import { link, readFile, rm, writeFile } from "node:fs/promises"
import { randomUUID } from "node:crypto"
import path from "node:path"
import { listProcesses, processFacts } from "../../runtime/processes.ts"
import { makeParents } from "./atomic-write.ts"
import { discoveriesDirectory } from "./discoveries.ts"
import { readRecord } from "./record-file.ts"

export const watcherPidFileOf = (root: string): string => path.join(discoveriesDirectory(root), ".watcher.pid")

/** The watcher that lives; null when there is none. */
export async function runningWatcher(root: string): Promise<number | null> {
  const text = await pidText(root)
  return text === null || !(await isLiving(text)) ? null : pidIn(text)
}

/** True when this process is the watcher now; false when another one is. */
export async function becomeWatcher(root: string): Promise<boolean> {
  const file = watcherPidFileOf(root)
  await makeParents(root, file)
  const own = `${file}.${randomUUID()}`
  await writeFile(own, await ownText(), { flag: "wx" })
  try {
    for (let round = 0; round < roundsMax; round++) {
      // A link is made or is there already: of several that try, one succeeds, and no one ever reads half a file.
      if (await linked(own, file)) return true
      const text = await pidText(root)
      if (text !== null && (await isLiving(text))) return false
      // Between this look and the removal another may have become it: it sees that its file is gone, and ends.
      if (text !== null && text === (await pidText(root))) await rm(file, { force: true })
    }
    return false
  } finally {
    await rm(own, { force: true })
  }
}

/** Whether the file still names this process; what is no plain file names none. */
export async function isStillWatcher(root: string): Promise<boolean> {
  return (await pidText(root).catch(() => null)) === (await ownText())
}

export async function stopBeingWatcher(root: string): Promise<void> {
  if (await isStillWatcher(root)) await rm(watcherPidFileOf(root), { force: true })
}

const roundsMax = 10

const bytesMax = 4 * 1024

const pidText = (root: string): Promise<string | null> => readRecord(watcherPidFileOf(root), bytesMax)

const pidIn = (text: string): number => Number.parseInt(text, 10)

async function ownText(): Promise<string> {
  return `${process.pid}\n${String((await startOf(process.pid)) ?? "")}\n`
}

async function isLiving(text: string): Promise<boolean> {
  const pid = pidIn(text)
  if (!Number.isSafeInteger(pid) || pid <= 1) return false
  const started = text.split("\n")[1]?.trim() ?? ""
  return started === "" ? isForeignWatcher(pid) : String(await startOf(pid)) === started
}

async function startOf(pid: number): Promise<number | null> {
  if (process.platform === "linux") return processFacts(pid)?.startTicks ?? null
  return (await listProcesses()).find((listed) => listed.pid === pid)?.startTicks ?? null
}

/** One of the original's own, which writes its pid alone: known by the script that it runs. */
async function isForeignWatcher(pid: number): Promise<boolean> {
  const words = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")
  return words.includes("watch-discoveries")
}

async function linked(own: string, file: string): Promise<boolean> {
  try {
    await link(own, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false
    throw error
  }
}
