/** What the results of the waves say of a row of the queue. */
import { slug } from "../plan/slug.ts"
import type { AgentResult, QueueRow, SessionFile } from "./session-file.ts"

/** `api-auth-builder`, for the row `API auth` with the agent `builder`: how the contract's example names its agents. */
export function agentName({ campaign, agent }: Pick<QueueRow, "campaign" | "agent">): string {
  const name = slug(campaign, new Set())
  return agent === "" ? name : `${name}-${slug(agent, new Set())}`
}

/** In the order of the waves. Those that name no row belong to the row that their agent's name is of, if there is just one such row. */
export function rowResults(file: SessionFile, row: QueueRow): readonly AgentResult[] {
  const known = read.get(file) ?? resultsOf(file)
  read.set(file, known)
  return known.get(row.number) ?? []
}

/** Read once: every row asks for its own, and for those of the rows that it depends on. */
const read = new WeakMap<SessionFile, ReadonlyMap<number, readonly AgentResult[]>>()

function resultsOf({ queue, waves }: SessionFile): ReadonlyMap<number, readonly AgentResult[]> {
  const named = Map.groupBy(queue, agentName)
  const results = new Map<number, AgentResult[]>()
  for (const agent of waves.flatMap(({ agents }) => agents)) {
    const rows = named.get(agent.name) ?? []
    const number = agent.row ?? (rows.length === 1 ? rows[0]?.number : undefined)
    if (number === undefined) continue
    const known = results.get(number)
    if (known === undefined) results.set(number, [agent])
    else known.push(agent)
  }
  return results
}

/** The commit with which the row's work landed, as the file says; null when it names none. */
export function rowCommit(file: SessionFile, row: QueueRow): string | null {
  const told = rowResults(file, row)
    .map(({ commit }) => hashIn(commit ?? ""))
    .findLast((commit) => commit !== null)
  return told ?? hashIn(/\b(?:commit|landed|merged)\b[ :`]*([0-9a-f]{7,64})\b/i.exec(row.evidence ?? "")?.[1] ?? row.evidence ?? "")
}

const hashIn = (text: string): string | null => /^`?([0-9a-f]{7,64})\b/i.exec(text)?.[1]?.toLowerCase() ?? null
