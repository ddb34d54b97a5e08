/** Claims as files, `.planning/coordination/claims/<id>.json` (C.3): who works where, for everyone who looks there. Who is still alive is `sweep.ts`'s work. */
import { stat } from "node:fs/promises"
import path from "node:path"
import { fault, FaultError, type Fault } from "../../domain/fault.ts"
import { parseInstanceId } from "../../domain/planning/instance-id.ts"
import { parseScope } from "../../domain/scope/normalise.ts"
import { firstOverlap, type CaseRule } from "../../domain/scope/overlap.ts"
import type { Scope } from "../../domain/scope/scope.ts"
import { readClaimFile, type ClaimFile } from "../../protocol/planning/coordination.ts"
import { writeInside } from "./atomic-write.ts"
import { coordinationOf, fileOf, hasCoordination, readAll, readOne, removeFile, unreadable } from "./coordination-files.ts"
import { withCoordination } from "./coordination-lock.ts"

export interface FoundClaims {
  readonly claims: readonly ClaimFile[]
  /** Files that hold nothing because nobody can read them, and scopes that name no path of the repository. */
  readonly faults: readonly Fault[]
}

/** Somebody else's claim that overlaps; the two scopes as they were written. */
export interface ClaimInTheWay {
  readonly by: ClaimFile
  readonly ours: string
  readonly theirs: string
}

export type Taking =
  | { readonly taken: true; readonly faults: readonly Fault[] }
  | ({ readonly taken: false; readonly faults: readonly Fault[] } & ClaimInTheWay)

/** What others have claimed; an unreadable file is told and holds nothing. Nothing is changed. */
export async function readClaims(root: string): Promise<FoundClaims> {
  const { found, unreadable: wrong } = await readAll(root, "claims", readClaimFile)
  const outside = found.flatMap((claim) => claim.scope.flatMap((text) => scopeFault(claim, text)))
  return { claims: found, faults: [...wrong.map((one) => one.fault), ...outside] }
}

/**
 * Takes the scopes for one instance, in place of what it held before. `ours`: slugs of campaigns whose claims do not keep it out. Of many that ask at once exactly one gets what overlaps (C.4.4),
 * compared by what the patterns mean and not by how they begin (C.4.3). Rejects with a `FaultError` for a scope outside of the repository, an id
 * that is no name, and when the instance's own file is there and unreadable: it is somebody's text, so it is not overwritten.
 */
export async function takeClaim(root: string, claim: ClaimFile, ours: readonly string[] = []): Promise<Taking> {
  const file = fileOf(root, "claims", claim.instanceId)
  const wanted = scopesOf(claim.scope)
  return withCoordination(root, async () => {
    const own = await readOne(file, readClaimFile)
    if (own?.ok === false) throw new FaultError(unreadable(file, own.why))
    const { claims, faults } = await readClaims(root)
    const inTheWay = overlapping(claims, wanted, { ...(await caseRuleOf(root)), except: (id) => id === claim.instanceId || isInstanceOf(ours, id) })
    if (inTheWay !== null) return { taken: false, faults, ...inTheWay }
    await writeInside(root, file, claimText(claim))
    return { taken: true, faults }
  })
}

/** Removes the claim of exactly this id (C.4.13). True when there was one. */
export async function releaseClaim(root: string, instanceId: string): Promise<boolean> {
  const file = fileOf(root, "claims", instanceId)
  return (await hasCoordination(root)) && withCoordination(root, () => removeFile(root, file))
}

/** An agent of one of these campaigns. */
export function isInstanceOf(slugs: readonly string[], instance: string): boolean {
  const parsed = parseInstanceId(instance)
  return parsed !== null && slugs.includes(parsed.slug)
}

/** The first claim that overlaps; `except`: the instance that asks, and those that do not keep it out. */
export function overlapping(
  claims: readonly ClaimFile[],
  wanted: readonly Scope[],
  { except, ...rule }: CaseRule & { readonly except: (instance: string) => boolean },
): ClaimInTheWay | null {
  for (const by of claims) {
    if (except(by.instanceId)) continue
    const written = new Map(by.scope.flatMap((text) => scopeEntry(text)))
    const pair = firstOverlap(wanted, [...written.keys()], rule)
    if (pair !== null) return { by, ours: pair[0].pattern, theirs: written.get(pair[1]) ?? pair[1].pattern }
  }
  return null
}

/** What is asked for, as scopes. Throws a `FaultError` for one that cannot be used, and for none at all: that would be the whole repository or nothing. */
export function scopesOf(texts: readonly string[]): Scope[] {
  if (texts.length === 0) throw new FaultError(fault("scope-invalid", "no scope is named", "a claim is about paths", "name them: --scope src/api,src/ui"))
  return texts.map((text) => {
    const parsed = parseScope(text)
    if (!parsed.ok) throw new FaultError(parsed.fault)
    return parsed.scope
  })
}

/** Whether the file system that the project is on tells `A` from `a`: asked of the folder of the claims itself. */
export async function caseRuleOf(root: string): Promise<CaseRule> {
  const there = await stat(coordinationOf(root), { bigint: true }).catch(() => null)
  const same = await stat(path.join(root, ".PLANNING", "COORDINATION"), { bigint: true }).catch(() => null)
  return { ignoreCase: there !== null && same !== null && there.ino === same.ino && there.dev === same.dev }
}

/** As it stands in the file: the keys of C.3 in their order. */
export const claimText = ({ instanceId, type, scope, description, claimedAt }: ClaimFile): string =>
  JSON.stringify({ instanceId, type, scope, description, claimedAt }, null, 2)

function scopeEntry(text: string): [Scope, string][] {
  const parsed = parseScope(text)
  return parsed.ok ? [[parsed.scope, text]] : []
}

function scopeFault(claim: ClaimFile, text: string): Fault[] {
  const parsed = parseScope(text)
  if (parsed.ok) return []
  return [{ ...parsed.fault, what: `${claim.instanceId} claims what keeps nobody out: ${parsed.fault.what}` }]
}
