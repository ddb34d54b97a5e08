import fc from "fast-check"
import { Map } from "immutable"
import { expect, test } from "vitest"
import { id, type ClaimId } from "../ids.ts"
import { parseScope } from "../scope/normalise.ts"
import { firstOverlap } from "../scope/overlap.ts"
import type { Scope } from "../scope/scope.ts"
import type { Claim, ClaimChanges } from "./claim.ts"
import { heldClaim } from "./held.ts"

function scope(text: string): Scope {
  const parsed = parseScope(text)
  if (!parsed.ok) throw new Error(parsed.fault.why)
  return parsed.scope
}
function claim(number: number, texts: readonly string[], more: Partial<Claim> = {}): Claim {
  const scopes = texts.map(scope)
  return {
    id: id(`c${number}`),
    session: null,
    holder: "x",
    instance: null,
    commonDirectory: "/r/.git",
    scopes,
    purpose: "-",
    takenAt: number,
    until: 1e12,
    ...more,
  }
}
const table = (...claims: readonly Claim[]): Map<ClaimId, Claim> => Map(claims.map((one) => [one.id, one]))
const noChanges = (): ClaimChanges | null => null
const exact = { ignoreCase: false }

test("the claim that was taken first is named, with the pair that overlaps", () => {
  const taken = table(claim(12, ["src/api/a.ts"]), claim(3, ["docs", "src/api"]), claim(4, ["src"]))
  expect(heldClaim({ taken, takenChanges: null }, "/r/.git", [scope("lib"), scope("src/api/a.ts")], exact)).toMatchObject({
    claim: { id: "c3" },
    ours: { pattern: "src/api/a.ts" },
    theirs: { pattern: "src/api" },
  })
})

test("another repository's claims, read-only ones and siblings of the same beginning keep nobody out", () => {
  const taken = table(claim(1, ["src"], { commonDirectory: "/other/.git" }), claim(2, ["src (read-only)"]), claim(3, ["src/api-v2"]))
  expect(heldClaim({ taken, takenChanges: null }, "/r/.git", [scope("src/api")], exact)).toBeNull()
  expect(heldClaim({ taken, takenChanges: null }, "/r/.git", [scope("SRC/API-v2")], exact)).toBeNull()
  expect(heldClaim({ taken, takenChanges: null }, "/r/.git", [scope("SRC/API-v2")], { ignoreCase: true })?.claim.id).toBe("c3")
})

test("whatever is taken, renewed and given back, the answer is the one that asking each claim gives", () => {
  const text = fc.constantFrom("src", "src/api", "src/api/a.ts", "src/**/b", "docs", "src/api-v2", "SRC/api", "*", "lib (read-only)", "lib")
  const step = fc.record({ number: fc.nat(5), texts: fc.array(text, { maxLength: 3 }), how: fc.constantFrom("take", "renew", "release"), back: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), fc.array(text, { maxLength: 2 }), fc.boolean(), (steps, asked, ignoreCase) => {
      let taken = table()
      let changes = noChanges()
      for (const { number, texts, how, back } of steps) {
        const before: { taken: typeof taken; changes: ClaimChanges | null } = { taken, changes }
        changes = { claim: id(`c${number}`), before: changes, length: 0 }
        const old = taken.get(id(`c${number}`))
        if (how === "release") taken = taken.delete(id(`c${number}`))
        else if (how === "take") taken = taken.set(id(`c${number}`), claim(number, texts))
        else if (old !== undefined) taken = taken.set(old.id, { ...old, until: old.until + 1 })
        const scopes = asked.map(scope)
        const holders = [...taken.values()].filter((one) => firstOverlap(scopes, one.scopes, { ignoreCase }) !== null).toSorted((a, b) => a.takenAt - b.takenAt)
        expect(heldClaim({ taken, takenChanges: changes }, "/r/.git", scopes, { ignoreCase })?.claim).toBe(holders[0])
        expect(heldClaim({ taken, takenChanges: null }, "/r/.git", scopes, { ignoreCase })?.claim).toBe(holders[0])
        // A decision that was not committed: the older state is asked again.
        if (back) ({ taken, changes } = before)
      }
    }),
  )
})
