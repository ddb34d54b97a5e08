/** Taking, renewing and giving back claims. Of two that overlap, the first one wins; the other is told who holds what. */
import { fault, type Fault } from "../fault.ts"
import { id, type ClaimId, type SessionId } from "../ids.ts"
import type { Command } from "../project/command.ts"
import type { Draft } from "../project/draft.ts"
import { runOf, taskOf, type State } from "../project/state.ts"
import { firstOverlap, type CaseRule } from "../scope/overlap.ts"
import { scopeText } from "../scope/normalise.ts"
import type { Scope } from "../scope/scope.ts"
import { scopesOf } from "../task/task.ts"
import { heldClaim } from "./held.ts"

export const leaseMs = { min: 60_000, max: 24 * 60 * 60_000 }
const claimsMax = 20_000

export function takeClaim(draft: Draft, command: Command & { type: "claim.take" }): Fault | null {
  const { session, holder, commonDirectory, scopes, purpose, leaseMs: wanted } = command
  if (draft.state.taken.size >= claimsMax) return fault("too-many-claims", "no further scope can be claimed", `${claimsMax} claims are held`, "give some back")
  const held = heldBy(draft.state, commonDirectory, scopes, command)
  if (held !== null) return held
  const claim = id<"claim">(`c${draft.state.counters.claims + 1}`)
  const until = draft.now + Math.min(Math.max(wanted, leaseMs.min), leaseMs.max)
  draft.emit({ type: "claim.taken", claim, session, holder, commonDirectory, scopes, purpose, until })
  return null
}

export function renewClaim(draft: Draft, command: Command & { type: "claim.renew" }): Fault | null {
  const claim = draft.state.taken.get(command.claim)
  if (claim === undefined) return unknownClaim(command.claim)
  draft.emit({ type: "claim.renewed", claim: claim.id, until: draft.now + Math.min(Math.max(command.leaseMs, leaseMs.min), leaseMs.max) })
  return null
}

export function releaseClaim(draft: Draft, claim: ClaimId): Fault | null {
  if (!draft.state.taken.has(claim)) return unknownClaim(claim)
  draft.emit({ type: "claim.ended", claim, how: "released" })
  return null
}

/** Whoever held them is over: the scopes are free. */
export function endClaimsOf(draft: Draft, session: SessionId): void {
  for (const claim of draft.state.taken.values()) if (claim.session === session) draft.emit({ type: "claim.ended", claim: claim.id, how: "ended" })
}

function heldBy(state: State, commonDirectory: string, scopes: readonly Scope[], rule: CaseRule): Fault | null {
  const held = heldClaim(state, commonDirectory, scopes, rule)
  if (held !== null) {
    const { claim, ours, theirs } = held
    return taken([ours, theirs], `${claim.holder} (${claim.id}: ${claim.purpose})`, `wait, or fleet claim release ${claim.id}`)
  }
  for (const of of state.claims) {
    const task = taskOf(state, of)
    const pair = runOf(state, task.run).commonDirectory === commonDirectory ? firstOverlap(scopes, scopesOf(task), rule) : null
    if (pair !== null) return taken(pair, `task ${task.id}`, "wait until it has landed, or claim other paths")
  }
  return null
}

function taken([ours, theirs]: readonly [Scope, Scope], holder: string, fix: string): Fault {
  const why = scopeText(theirs) === scopeText(ours) ? `${holder} holds it` : `it overlaps ${scopeText(theirs)}, which ${holder} holds`
  return fault("claim-held", `${scopeText(ours)} cannot be claimed`, why, fix)
}

const unknownClaim = (claim: ClaimId): Fault =>
  fault("unknown-claim", `there is no claim ${claim}`, "it was given back, or its lease ran out", "GET /v1/claims lists those that are held")
