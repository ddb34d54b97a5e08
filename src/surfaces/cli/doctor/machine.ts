/** Checks of the machine: Node, git, the home directory, the disk, the configuration. */
import { constants } from "node:fs"
import { access, chmod, stat, statfs } from "node:fs/promises"
import path from "node:path"
import { FaultError } from "../../../domain/fault.ts"
import { readConfig } from "../../../adapters/files/config.ts"
import { Children } from "../../../runtime/children.ts"
import { makeHomeDirectory } from "../../../runtime/home.ts"
import { Tail } from "../../../runtime/tail.ts"
import type { CliContext } from "../context.ts"
import { shellWord } from "../text.ts"
import { failed, fine, warning, type Finding } from "./finding.ts"

const nodeAtLeast = 24
/** The first with `git merge-tree --write-tree`, by which Fleet merges without a checkout. */
const gitAtLeast = [2, 38] as const
const gibibyte = 1024 ** 3
const privateMode = 0o700
const gitLimitMs = 10_000

export function checkNode(): Finding {
  const version = process.versions.node
  return Number(version.split(".")[0]) >= nodeAtLeast
    ? fine("node", version)
    : failed("node", `${version} is too old`, `install Node ${nodeAtLeast} or newer: https://nodejs.org`)
}

export async function checkGit(context: CliContext): Promise<Finding> {
  await using children = new Children()
  const git = children.start({ argv: ["git", "--version"], cwd: context.userHome, env: context.env })
  git.stdin.end()
  const output = new Tail(1_000).follow(git.stdout)
  const limit = setTimeout(() => void git.end(0), gitLimitMs)
  const exit = await git.exited
  clearTimeout(limit)
  const [, major, minor] = /(\d+)\.(\d+)/.exec(output.toString()) ?? []
  if (exit.code !== 0 || major === undefined || minor === undefined)
    return failed("git", "git was not found, or does not run", "install git 2.38 or newer: apt-get install git")
  const [least, leastMinor] = gitAtLeast
  const enough = Number(major) > least || (Number(major) === least && Number(minor) >= leastMinor)
  const version = output
    .toString()
    .trim()
    .replace(/^git version /, "")
  return enough ? fine("git", version) : failed("git", `${version} cannot merge without a checkout`, `install git ${gitAtLeast.join(".")} or newer`)
}

export async function checkHome({ home }: CliContext): Promise<Finding> {
  const found = await stat(home).catch(() => null)
  if (found === null) {
    const make = async (): Promise<string> => {
      makeHomeDirectory(home)
      return `made ${home}`
    }
    return warning("home", `${home} is not there yet; the hub makes it`, `mkdir -m 700 -p ${shellWord(home)}`, make)
  }
  if (!found.isDirectory()) return failed("home", `${home} is no directory`, `move it away: mv ${shellWord(home)} ${shellWord(`${home}.old`)}`)
  const writable = await access(home, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  )
  if (!writable) return failed("home", `${home} cannot be written to`, `chown -R "$USER" ${shellWord(home)}`)
  const mode = found.mode & 0o777
  if ((mode & 0o077) === 0) return fine("home", home)
  const close = async (): Promise<string> => {
    await chmod(home, privateMode)
    return `closed ${home} to others`
  }
  return failed("home", `others may look into ${home} (mode ${mode.toString(8)}): it holds a token`, `chmod 700 ${shellWord(home)}`, close)
}

export async function checkDisk({ home }: CliContext): Promise<Finding> {
  const disk = await statfs(await nearestExisting(home))
  const free = disk.bavail * disk.bsize
  const text = `${(free / gibibyte).toFixed(1)} GiB free`
  const fix = "free some space; each workspace is a checkout"
  if (free < gibibyte) return failed("disk", `only ${text} where ${home} is`, fix)
  return free < 5 * gibibyte ? warning("disk", `${text} where ${home} is`, fix) : fine("disk", text)
}

async function nearestExisting(directory: string): Promise<string> {
  const there = await stat(directory).catch(() => null)
  return there !== null || path.dirname(directory) === directory ? directory : nearestExisting(path.dirname(directory))
}

export async function checkConfig({ config }: CliContext): Promise<Finding> {
  try {
    await readConfig(config)
  } catch (error) {
    if (!(error instanceof FaultError)) throw error
    return failed("config", `${error.fault.what}: ${error.fault.why}`, error.fault.fix)
  }
  const there = await stat(config).catch(() => null)
  return fine("config", there === null ? `${config} is not there; nothing needs it` : config)
}
