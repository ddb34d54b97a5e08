/** Claims that others keep as files: what is there now is held, what is there no more is free. They are held under a short lease, so that nobody waits for files that nobody looks at. */
import { id } from "../ids.ts"
import type { Command } from "../project/command.ts"
import type { Draft } from "../project/draft.ts"
import { scopeText } from "../scope/normalise.ts"
import type { Scope } from "../scope/scope.ts"

const leaseMs = 10 * 60_000

export function seeClaims(draft: Draft, { commonDirectory, claims }: Command & { type: "claims.see" }): null {
  const seen = new Map(claims.map((claim) => [claim.instance, claim]))
  for (const known of draft.state.taken.values()) {
    if (known.instance === null || known.commonDirectory !== commonDirectory) continue
    const now = seen.get(known.instance)
    if (now === undefined || !same(now.scopes, known.scopes)) draft.emit({ type: "claim.ended", claim: known.id, how: "released" })
    else {
      seen.delete(known.instance)
      // Not at each look: a lease that still has half its time needs no event.
      if (known.until - draft.now < leaseMs / 2) draft.emit({ type: "claim.renewed", claim: known.id, until: draft.now + leaseMs })
    }
  }
  for (const { instance, scopes, purpose } of seen.values()) {
    const claim = id<"claim">(`c${draft.state.counters.claims + 1}`)
    draft.emit({
      type: "claim.taken",
      claim,
      session: null,
      holder: `instance ${instance}`,
      instance,
      commonDirectory,
      scopes,
      purpose,
      until: draft.now + leaseMs,
    })
  }
  return null
}

const same = (a: readonly Scope[], b: readonly Scope[]): boolean => a.map(scopeText).join("\n") === b.map(scopeText).join("\n")
