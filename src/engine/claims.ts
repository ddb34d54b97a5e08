/** Claims and discoveries from what a surface is asked: which repository, whose, and as scopes that can be compared. */
import { FaultError } from "../domain/fault.ts"
import type { Scope } from "../domain/scope/scope.ts"
import { parseScope } from "../domain/scope/normalise.ts"
import type { Claim } from "../domain/claim/claim.ts"
import type { Discovery } from "../domain/discovery/discovery.ts"
import type { ReportDiscovery, TakeClaim } from "../protocol/coordination-views.ts"
import type { Hub } from "./hub.ts"
import { realDirectory } from "./roots.ts"
import { findSession } from "./sessions.ts"
import { inspect } from "./submission.ts"

const minuteMs = 60_000

/** Resolves to the claim. Rejects with the fault `claim-held`, which names the holder, when somebody else holds an overlapping scope. */
export async function takeClaim(hub: Hub, of: TakeClaim, by: string): Promise<Claim> {
  const session = of.session === null ? null : findSession(hub, of.session)
  const { commonDirectory, ignoreCase } = await inspect(hub, await realDirectory(hub, of.directory))
  const holder = session === null ? by : `session ${session.id} "${session.title}"`
  const scopes = of.scopes.map(scopeOf)
  const before = hub.state.taken
  await hub.send({
    type: "claim.take",
    session: session?.id ?? null,
    holder,
    commonDirectory,
    ignoreCase,
    scopes,
    purpose: of.purpose,
    leaseMs: of.minutes * minuteMs,
  })
  const claim = hub.state.taken.find((one) => !before.has(one.id) && one.holder === holder && one.scopes === scopes)
  if (claim === undefined) throw new Error("a claim was taken and is not there")
  return claim
}

/** Resolves to the discovery, which is the one that was known already when somebody had reported the same. */
export async function reportDiscovery(hub: Hub, of: ReportDiscovery): Promise<Discovery> {
  const session = of.session === null ? null : findSession(hub, of.session)
  const commonDirectory =
    of.directory === null ? (session?.wanted.commonDirectory ?? null) : (await inspect(hub, await realDirectory(hub, of.directory))).commonDirectory
  const text = of.text.trim()
  await hub.send({ type: "discovery.report", session: session?.id ?? null, task: null, commonDirectory, text, paths: of.paths })
  const found = hub.state.discoveries.findLast((one) => one.text === text && one.commonDirectory === commonDirectory)
  if (found === undefined) throw new Error("a discovery was reported and is not there")
  return found
}

function scopeOf(text: string): Scope {
  const parsed = parseScope(text)
  if (!parsed.ok) throw new FaultError(parsed.fault)
  return parsed.scope
}
