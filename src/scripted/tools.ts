/** What the scripted agent does to files and by commands. Its commands run in sessions of their own, as those of real agents do. */
import { readFile, rm, writeFile, mkdir, appendFile } from "node:fs/promises"
import path from "node:path"
import { Children } from "../runtime/children.ts"
import { Tail } from "../runtime/tail.ts"

export interface Place {
  readonly cwd: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

export interface Ran {
  readonly passed: boolean
  readonly output: string
}

const outputCharsMax = 32 * 1024
const killedMs = 500

/** Ends the command's whole group when `signal` fires. */
export async function runCommand(argv: readonly [string, ...string[]], place: Place, signal: AbortSignal): Promise<Ran> {
  await using children = new Children()
  const child = children.start({ argv, cwd: place.cwd, env: place.environment })
  child.stdin.end()
  const output = new Tail(outputCharsMax).follow(child.stdout).follow(child.stderr)
  const stop = (): void => void child.end(killedMs)
  signal.addEventListener("abort", stop, { once: true })
  if (signal.aborted) stop()
  const exit = await child.exited
  signal.removeEventListener("abort", stop)
  if (exit.failure !== null) return { passed: false, output: exit.failure.message }
  return { passed: exit.code === 0, output: output.toString() }
}

export const runShell = (command: string, place: Place, signal: AbortSignal): Promise<Ran> => runCommand(["/bin/sh", "-c", command], place, signal)

export async function commitAll(message: string, place: Place, signal: AbortSignal): Promise<Ran> {
  const added = await runCommand(["git", "add", "-A"], place, signal)
  return added.passed ? runCommand(["git", "commit", "-q", "-m", message], place, signal) : added
}

export async function writeAt(place: Place, name: string, text: string): Promise<void> {
  const file = inside(place, name)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, text)
}

export async function appendAt(place: Place, name: string, text: string): Promise<void> {
  const file = inside(place, name)
  await mkdir(path.dirname(file), { recursive: true })
  await appendFile(file, text)
}

/** An edit that was already made, by an earlier try of the same script, counts as made. */
export async function editAt(place: Place, name: string, old: string, replacement: string): Promise<void> {
  const file = inside(place, name)
  const text = await readFile(file, "utf8")
  if (text.includes(old))
    await writeFile(
      file,
      text.replace(old, () => replacement),
    )
  else if (!text.includes(replacement)) throw new Error(`${name} does not hold ${JSON.stringify(old)}`)
}

export async function deleteAt(place: Place, name: string): Promise<void> {
  await rm(inside(place, name), { recursive: true, force: true })
}

function inside(place: Place, name: string): string {
  const file = path.resolve(place.cwd, name)
  if (!file.startsWith(place.cwd + path.sep)) throw new Error(`${name} is outside ${place.cwd}`)
  return file
}
