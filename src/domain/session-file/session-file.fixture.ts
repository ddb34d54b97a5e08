/** Session files in few words, and the one of the contract to the letter, for tests. */
import type { AgentResult, QueueRow, SessionFile } from "./session-file.ts"

export function sessionOf(of: Partial<SessionFile> = {}): SessionFile {
  return {
    name: "auth",
    status: "active",
    started: "2026-04-01T10:00:00Z",
    direction: "Add sign-in",
    queue: [],
    columns: [],
    waves: [],
    shared: [],
    notes: { gaps: [], mergeConflicts: [], refusedEdits: [], warnings: [], kept: [] },
    orders: [],
    spec: null,
    rules: [],
    setup: null,
    checks: [],
    comparison: null,
    pendingPropagation: [],
    continuation: { nextWave: null, blocked: [], contextTokens: null, autoContinue: true },
    rest: [],
    ...of,
  }
}

export function rowOf(number: number, campaign: string, of: Partial<QueueRow> = {}): QueueRow {
  return { number, campaign, scope: [], deps: [], status: "pending", wave: null, agent: "builder", branch: null, evidence: null, more: [], ...of }
}

export function resultOf(name: string, of: Partial<AgentResult> = {}): AgentResult {
  const nothing = { row: null, built: null, decisions: null, discoveries: null, files: [], commit: null, timeout: null, failures: null }
  return { name, status: "complete", ...nothing, ...of }
}

/** The seed's example, with values where it has placeholders. */
export const contractSession = `# Fleet Session: auth

Status: needs-continue
Started: 2026-04-01T10:00:00Z
Direction: Add sign-in

## Work Queue
| # | Campaign | Scope | Deps | Status | Wave | Agent |
|---|----------|-------|------|--------|------|-------|
| 1 | API auth | src/api/auth/ | none | complete | 1 | builder |
| 2 | Frontend | src/ui/ | none | complete | 1 | builder |
| 3 | Integration | src/api/,src/ui/ | 1,2 | pending | 2 | wirer |

## Wave 1 Results

### Agent: api-auth-builder
**Status:** complete
**Built:** JWT authentication middleware with refresh token support
**Decisions:** Used jose library over jsonwebtoken for ESM compatibility
**Files:** src/api/auth/middleware.ts, src/api/auth/tokens.ts

### Agent: frontend-builder
**Status:** complete
**Built:** Login form with token storage
**Discoveries:** Found existing auth context at src/ui/context/auth.tsx

## Shared Context (Discovery Relay)
- Agent frontend-builder discovered existing auth context — Wave 2 should use it
- API auth uses jose library for JWT — frontend should import types from there

## Continuation State
Next wave: 2
Blocked items: none
Context usage: ~400K tokens
Auto-continue: true
`
