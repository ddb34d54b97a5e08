/** The round trip of leading: create children on opencode, prompt each, and be called back by each; and what their agents take. Shared servers against one process each. The model is scripted. */
import { readFileSync } from "node:fs"
import { programOf, realAgents, installed } from "../test/real/agents.ts"
import { api } from "../test/fleet/conductor.ts"
import { scenario, type Scenario } from "../test/fleet/scenario.ts"
import { eventually } from "../test/eventually.ts"
import type { Row } from "./row.ts"

const sizes = [1, 4, 10]
const kinds = { opencode: "shared servers", "opencode-acp": "a process each" } as const
type Kind = keyof typeof kinds

interface Measured {
  readonly createdMs: number
  readonly calledBackMs: number
  readonly pssMb: number
}

export async function benchChildren(): Promise<Row[]> {
  if (!installed.includes("opencode")) return [{ name: "children on opencode", value: "opencode is not installed", target: "-", ok: null }]
  const rows: Row[] = []
  for (const size of sizes)
    for (const kind of Object.keys(kinds) as Kind[]) {
      const { createdMs, calledBackMs, pssMb } = await measure(kind, size)
      const name = `${size} ${size === 1 ? "child" : "children"} on opencode, ${kinds[kind]}`
      const value = `created after ${seconds(createdMs)}, all called back after ${seconds(calledBackMs)}; ${pssMb} MB, ${Math.round(pssMb / size)} MB a child`
      rows.push({ name, value, target: "the original: 2.4 to 5.1 s for one, 278 to 301 MB each", ok: null })
    }
  return rows
}

async function measure(agent: Kind, size: number): Promise<Measured> {
  await using agents = await realAgents()
  await using fleet = await scenario({ slots: size, config: configOf(agents.config) })
  const conductor = await create(fleet, { title: "conductor", harnessType: "scripted" })
  const onComplete = { notifySessionId: conductor, notifyInstanceId: "" }
  const begin = performance.now()
  const children = await Promise.all(
    Array.from({ length: size }, (_, n) => create(fleet, { title: `child ${n}`, isolationStrategy: "worktree", harnessType: agent, onComplete })),
  )
  const createdMs = performance.now() - begin
  await Promise.all(children.map((child) => api(fleet, "POST", `/sessions/${child}/prompt`, { text: '[[write path="made.txt" text="made"]] [[say "done"]]' })))
  await eventually(
    "all children called back",
    async () => (await fleet.client.callbacks()).filter(({ status }) => status === "delivered").length === size,
    300_000,
  )
  const calledBackMs = performance.now() - begin
  return { createdMs, calledBackMs, pssMb: await pssOf(fleet, "opencode") }
}

/** The same agent twice: by its servers, and over ACP. */
function configOf(config: string): string {
  const parsed = JSON.parse(config) as { agents: Record<string, { env: object; model?: string }> }
  const { env = {}, model } = parsed.agents["opencode"] ?? {}
  return JSON.stringify({
    ...parsed,
    agents: { ...parsed.agents, "opencode-acp": { argv: [programOf("opencode"), "acp"], env, ...(model === undefined ? {} : { model }) } },
  })
}

async function create(fleet: Scenario, body: object): Promise<string> {
  const made = (await api(fleet, "POST", "/sessions", { directory: fleet.repo.path, ...body })) as { session: { id: string } }
  return made.session.id
}

/** Proportional set size: what is shared counts once. */
async function pssOf(fleet: Scenario, program: string): Promise<number> {
  const pids = (await fleet.processes()).filter((one) => one.includes(program)).map((one) => Number.parseInt(one, 10))
  const sum = pids.reduce((total, pid) => total + Number(/^Pss:\s+(\d+)/m.exec(rollup(pid))?.[1] ?? 0), 0)
  return Math.round(sum / 1_024)
}

function rollup(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/smaps_rollup`, "utf8")
  } catch {
    return ""
  }
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`
