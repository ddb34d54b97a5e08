/** Scopes that somebody outside of a run holds under a lease: a session, or a person. Tasks claim theirs by running; both keep each other out. */
import type { ClaimId, SessionId } from "../ids.ts"
import type { Scope } from "../scope/scope.ts"

export interface Claim {
  readonly id: ClaimId
  /** Null: not a session's. */
  readonly session: SessionId | null
  /** Who holds it, for people. */
  readonly holder: string
  /** Whose claim is a file under `.planning/coordination/`, by its id there; null: it was taken here. */
  readonly instance: string | null
  readonly commonDirectory: string
  readonly scopes: readonly Scope[]
  /** What it is for, one line. */
  readonly purpose: string
  readonly takenAt: number
  readonly until: number
}

/** Which claims changed last, the newest first: what is kept about all of them need not be made anew for one. Cut now and then; not part of a snapshot. */
export interface ClaimChanges {
  readonly claim: ClaimId
  readonly before: ClaimChanges | null
  readonly length: number
}

export type ClaimEvent =
  | {
      readonly type: "claim.taken"
      readonly claim: ClaimId
      readonly session: SessionId | null
      readonly holder: string
      readonly instance?: string | null
      readonly commonDirectory: string
      readonly scopes: readonly Scope[]
      readonly purpose: string
      readonly until: number
    }
  | { readonly type: "claim.renewed"; readonly claim: ClaimId; readonly until: number }
  /** released: given back. lapsed: its lease ran out. ended: the session that held it is over. */
  | { readonly type: "claim.ended"; readonly claim: ClaimId; readonly how: "released" | "lapsed" | "ended" }
