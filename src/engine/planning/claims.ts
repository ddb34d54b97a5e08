/** What others have claimed in a repository's `.planning/coordination/`, taken into the state: the scheduler asks the state and nothing else. */
import { fault, FaultError } from "../../domain/fault.ts"
import { campaignSlugs } from "../../domain/run/campaign.ts"
import { parseScope } from "../../domain/scope/normalise.ts"
import type { RepositoryFacts } from "../../domain/repository/facts.ts"
import type { PlanningLook } from "../../protocol/planning/record.ts"
import type { Hub } from "../hub.ts"
import { workerWaitMs } from "../submission.ts"

export type Place = Pick<RepositoryFacts, "root" | "commonDirectory" | "ignoreCase">

/** `sweep`: frees what dead instances hold; `files`: slugs of the session files that are looked at besides. Resolves to what was seen. */
export async function seeClaims(
  hub: Hub,
  { root, commonDirectory, ignoreCase }: Place,
  { sweep, files }: { readonly sweep: boolean; readonly files: readonly string[] },
): Promise<PlanningLook> {
  const worker = await hub.anyWorker(workerWaitMs)
  const slugs = campaignSlugs(hub.state.runs.values(), commonDirectory)
  const answer = await hub.workers.ask(worker, { ask: "planning", repository: root, slugs, files, sweep })
  if (answer.ask !== "planning") throw new Error(`asked to look at .planning, answered ${answer.ask}`)
  const { look } = answer
  sayNotices(hub, commonDirectory, look)
  warnOf(hub, commonDirectory, look)
  const claims = look.claims.flatMap(({ instance, scopes, purpose }) => {
    const parsed = scopes.map(parseScope).flatMap((one) => (one.ok ? [one.scope] : []))
    return parsed.length === 0 ? [] : [{ instance, scopes: parsed, purpose }]
  })
  await hub.send({ type: "claims.see", commonDirectory, ignoreCase, claims })
  return look
}

function sayNotices(hub: Hub, commonDirectory: string, { notices }: PlanningLook): void {
  const before = hub.claimNotices.get(commonDirectory)
  const now = new Map(notices.map((notice) => [`${notice.what}: ${notice.why}`, notice]))
  for (const [text, notice] of now) if (before?.has(text) !== true) hub.parts.complain(new FaultError(notice))
  hub.claimNotices.set(commonDirectory, new Set(now.keys()))
}

/** A campaign that is about to start sweeps before there is a session file that could tell of it: its recorder takes it from here (C.1.94). */
function warnOf(hub: Hub, commonDirectory: string, { orphans }: PlanningLook): void {
  const warnings = orphans.map(({ warning }) => warning)
  for (const warning of warnings) hub.parts.complain(new FaultError(fault("dead-instance", warning, "the claim is freed", "look what it left behind")))
  if (warnings.length > 0) hub.orphanWarnings.set(commonDirectory, [...(hub.orphanWarnings.get(commonDirectory) ?? []), ...warnings].slice(-warningsMax))
}

const warningsMax = 100
