/** A project in which `fleet planning scripts` was run, and a shell in it. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdir, mkdtempDisposable, readFile, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect } from "vitest"
import { processFacts } from "../../src/runtime/processes.ts"
import { fleet, type Ran } from "../../src/surfaces/cli/testing/fleet.ts"
import { eventually } from "../eventually.ts"

export interface Project extends AsyncDisposable {
  readonly path: string
  /** A line of the seed, by a shell, as an agent's tool runs it. */
  readonly sh: (line: string, more?: { readonly stdin?: string; readonly cwd?: string; readonly env?: Record<string, string> }) => Promise<Ran>
  readonly read: (file: string) => Promise<string>
  readonly lines: (file: string) => Promise<Record<string, unknown>[]>
}

export async function project(files: Readonly<Record<string, string>> = {}): Promise<Project> {
  const root = await mkdtempDisposable(path.join(tmpdir(), "fleet planning 'é "))
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root.path, file)), { recursive: true })
    await writeFile(path.join(root.path, file), text)
  }
  const read = (file: string): Promise<string> => readFile(path.join(root.path, file), "utf8")
  const placed = await fleet(["planning", "scripts"], { home: root.path })
  expect(placed).toMatchObject({ code: 0, stderr: "" })
  return {
    path: root.path,
    sh: (line, more = {}) => sh(line, { cwd: root.path, ...more }),
    read,
    lines: async (file) =>
      (await read(file))
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    [Symbol.asyncDispose]: async () => {
      const pid = Number.parseInt(await read(".planning/discoveries/.watcher.pid").catch(() => ""), 10)
      if (Number.isSafeInteger(pid)) {
        process.kill(pid, "SIGTERM")
        await eventually("the watcher is gone", () => processFacts(pid) === null)
      }
      await root.remove()
    },
  }
}

async function sh(
  line: string,
  { cwd, stdin = "", env = {} }: { readonly cwd: string; readonly stdin?: string; readonly env?: Record<string, string> },
): Promise<Ran> {
  const { CLAUDE_PROJECT_DIR: _none, ...inherited } = process.env
  const child = spawn("sh", ["-c", line], { cwd, env: { ...inherited, ...env } })
  child.stdin.on("error", () => undefined).end(stdin)
  let [stdout, stderr] = ["", ""]
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text))
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text))
  const [code] = (await once(child, "close")) as [number | null]
  return { code, stdout, stderr }
}
