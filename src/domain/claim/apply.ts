/** What events about claims change. */
import type { ClaimId } from "../ids.ts"
import type { State } from "../project/state.ts"
import { withTimer } from "../project/tables.ts"
import type { Claim, ClaimEvent } from "./claim.ts"

const changesMax = 256

export function applyClaim(before: State, event: ClaimEvent, at: number): State {
  const { takenChanges: known } = before
  const length = known === null || known.length >= changesMax ? 0 : known.length + 1
  const state = { ...before, takenChanges: { claim: event.claim, before: length === 0 ? null : known, length } }
  switch (event.type) {
    case "claim.taken": {
      const { claim: id, session, holder, instance = null, commonDirectory, scopes, purpose, until } = event
      const claim: Claim = { id, session, holder, instance, commonDirectory, scopes, purpose, takenAt: at, until }
      return withTimer(
        { ...state, taken: state.taken.set(id, claim), counters: { ...state.counters, claims: state.counters.claims + 1 } },
        claimTimer(id),
        until,
      )
    }
    case "claim.renewed": {
      const claim = state.taken.get(event.claim)
      if (claim === undefined) return state
      return withTimer({ ...state, taken: state.taken.set(claim.id, { ...claim, until: event.until }) }, claimTimer(claim.id), event.until)
    }
    case "claim.ended":
      return withTimer({ ...state, taken: state.taken.delete(event.claim) }, claimTimer(event.claim), null)
  }
}

export const claimTimer = (claim: ClaimId): string => `claim:${claim}`
