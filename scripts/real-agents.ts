/**
 * Installs the real agents that the tests drive, once, aside from Fleet's own dependencies: `.agents/<hash of the lock>/`. Prints where each is, or why not.
 * The directory gets its name only when it is complete, so an interrupted or a second install at the same time harms nothing.
 */
import { execFile } from "node:child_process"
import { createHash } from "node:crypto"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"

export type RealAgentName = "codex" | "claude" | "opencode"
export type RealAgent = { readonly argv0: string; readonly version: string } | { readonly missing: string }

const run = promisify(execFile)
const root = join(import.meta.dirname, "..")
const manifest = join(root, "test", "agents")
const shelf = join(root, ".agents")
const names: readonly RealAgentName[] = ["codex", "claude", "opencode"]

/** The installed binary of one agent. Installs nothing: `npm test` has done that, or `scripts/with-node24 node scripts/real-agents.ts` does. */
export function realAgent(name: RealAgentName): RealAgent {
  const found = join(home(), "found.json")
  if (!existsSync(found)) return { missing: "not installed; run: scripts/with-node24 node scripts/real-agents.ts" }
  return (JSON.parse(readFileSync(found, "utf8")) as Record<RealAgentName, RealAgent>)[name]
}

/** Installs what is not there yet. Never rejects for want of a registry: then each agent is missing with that reason. */
export async function installRealAgents(): Promise<Record<RealAgentName, RealAgent>> {
  mkdirSync(shelf, { recursive: true })
  sweep()
  if (!existsSync(join(home(), "found.json"))) {
    const reason = await install()
    if (reason !== null) return { codex: { missing: reason }, claude: { missing: reason }, opencode: { missing: reason } }
  }
  return { codex: realAgent("codex"), claude: realAgent("claude"), opencode: realAgent("opencode") }
}

function home(): string {
  const lock = readFileSync(join(manifest, "package-lock.json"))
  return join(shelf, createHash("sha256").update(lock).digest("hex").slice(0, 16))
}

async function install(): Promise<string | null> {
  const stage = mkdtempSync(join(shelf, `staging-${process.pid}-`))
  try {
    cpSync(manifest, stage, { recursive: true })
    // Their own install scripts only link the platform's binary to a shared name; we start the platform's binary itself.
    await run("npm", ["ci", "--prefix", stage, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: stage,
      timeout: 15 * 60_000,
      maxBuffer: 1 << 24,
    })
    const found = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await look(name, stage)] as const)))
    writeFileSync(join(stage, "found.json"), JSON.stringify(found, null, 2).replaceAll(stage, home()))
    if (!existsSync(home())) renameSync(stage, home())
    return null
  } catch (error) {
    return `could not be installed: ${error instanceof Error ? error.message.trim().slice(0, 500) : String(error)}`
  } finally {
    rmSync(stage, { recursive: true, force: true })
  }
}

/** Removes what earlier installs left: those of other locks, and staging directories whose process is gone. */
function sweep(): void {
  for (const entry of readdirSync(shelf)) {
    const owner = /^staging-(\d+)-/.exec(entry)?.[1]
    if (join(shelf, entry) === home() && existsSync(join(home(), "found.json"))) continue
    if (owner !== undefined && isAlive(Number(owner))) continue
    rmSync(join(shelf, entry), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}

/** The first binary of this platform that starts. */
async function look(name: RealAgentName, at: string): Promise<RealAgent> {
  const reasons: string[] = []
  for (const relative of binaries(name, `${process.platform}-${process.arch}`)) {
    const argv0 = join(at, "node_modules", relative)
    if (!existsSync(argv0)) {
      reasons.push(`${relative} is not in the package`)
      continue
    }
    try {
      const { stdout } = await run(argv0, ["--version"], { timeout: 60_000, env: { PATH: process.env["PATH"], HOME: at, TMPDIR: tmpdir() } })
      return { argv0, version: /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? stdout.trim() }
    } catch (error) {
      reasons.push(`${relative} does not start: ${error instanceof Error ? error.message.trim().slice(0, 200) : String(error)}`)
    }
  }
  return { missing: reasons.join("; ") || `no binary for ${process.platform}-${process.arch}` }
}

function binaries(name: RealAgentName, platform: string): readonly string[] {
  const triple: Partial<Record<string, string>> = {
    "linux-x64": "x86_64-unknown-linux-musl",
    "linux-arm64": "aarch64-unknown-linux-musl",
    "darwin-x64": "x86_64-apple-darwin",
    "darwin-arm64": "aarch64-apple-darwin",
  }
  switch (name) {
    case "codex":
      return triple[platform] === undefined ? [] : [`@openai/codex-${platform}/vendor/${triple[platform]}/bin/codex`]
    case "claude":
      return [`@anthropic-ai/claude-code-${platform}/claude`, `@anthropic-ai/claude-code-${platform}-musl/claude`]
    case "opencode":
      return [`opencode-${platform}/bin/opencode`, `opencode-${platform}-baseline/bin/opencode`]
  }
}

if (import.meta.main) {
  const agents = await installRealAgents()
  for (const name of names) {
    const agent = agents[name]
    console.log("missing" in agent ? `${name}: missing: ${agent.missing}` : `${name} ${agent.version}: ${agent.argv0}`)
  }
}
