/** Handlers about what waits for a person, and about claims, discoveries and the landing queue. */
import { fault, FaultError } from "../../../domain/fault.ts"
import { id, type ApprovalId, type ClaimId } from "../../../domain/ids.ts"
import { firstOf, type Landing } from "../../../domain/landing/landing.ts"
import { unknownThing } from "../../../domain/project/refusals.ts"
import { taskOf, type State } from "../../../domain/project/state.ts"
import { reportDiscovery, takeClaim } from "../../../engine/claims.ts"
import { findRun } from "../../../engine/find.ts"
import type { Hub } from "../../../engine/hub.ts"
import { viewClaim, viewClaims, viewDiscovery } from "../../../engine/views/claim.ts"
import { viewApproval } from "../../../engine/views/run.ts"
import type { LandingView } from "../../../protocol/api/schemas/coordination.ts"
import type { ApprovalView } from "../../../protocol/views.ts"
import type { ClaimView } from "../../../protocol/coordination-views.ts"
import { notAllowed, type Caller } from "../access.ts"
import type { Handlers, NativeParts } from "./handler.ts"
import { pageOf, shown } from "./page.ts"
import { seenSession } from "./seen-session.ts"

type Ids =
  | "listApprovals"
  | "answerApproval"
  | "listClaims"
  | "takeClaim"
  | "renewClaim"
  | "releaseClaim"
  | "listDiscoveries"
  | "reportDiscovery"
  | "listLandings"

const minuteMs = 60_000

export function coordinationHandlers(parts: NativeParts): Handlers<Ids> {
  return { ...approvalHandlers(parts), ...claimHandlers(parts), ...discoveryHandlers(parts) }
}

function approvalHandlers({ hub }: NativeParts): Handlers<"listApprovals" | "answerApproval"> {
  const view = (approval: ApprovalId): ApprovalView => {
    const found = hub.state.approvals.get(approval)
    if (found === undefined) throw new FaultError(unknownThing("approval", approval))
    return viewApproval(hub.state, found)
  }
  return {
    listApprovals: ({ query }) => {
      const run = query.run === undefined ? null : findRun(hub.state, query.run)
      const session = query.session === undefined ? null : seenSession(hub, query.session).id
      const wanted = [...hub.state.approvals.values()]
        .filter((approval) => query.all === true || approval.answer === null)
        .map((approval) => viewApproval(hub.state, approval))
        .filter((approval) => (run === null || approval.run === run) && (session === null || approval.session === session))
      return pageOf(wanted, query, { number: ({ since }) => since, id: (approval) => approval.id, first: "lowest" })
    },
    answerApproval: async ({ params, body, by }) => {
      const approval: ApprovalId = id(params.approval)
      await hub.send({ type: "approval.answer", approval, allow: body.allow, by, note: body.note })
      return view(approval)
    },
  }
}

function claimHandlers({ hub }: NativeParts): Handlers<"listClaims" | "takeClaim" | "renewClaim" | "releaseClaim"> {
  return {
    listClaims: ({ query }) => pageOf(viewClaims(hub.state), query, { number: ({ since }) => since ?? 0, id: (claim) => claim.id, first: "lowest" }),
    takeClaim: async ({ body, caller, by }) => viewClaim(await takeClaim(hub, { ...body, session: holderOf(hub, caller, body.session) }, by)),
    renewClaim: async ({ params, body, caller, by }) => {
      const claim = ownClaim(hub, params.claim, caller, by)
      await hub.send({ type: "claim.renew", claim, leaseMs: body.minutes * minuteMs })
      return claimOf(hub, claim)
    },
    releaseClaim: async ({ params, caller, by }) => {
      await hub.send({ type: "claim.release", claim: ownClaim(hub, params.claim, caller, by) })
      return null
    },
  }
}

function discoveryHandlers({ hub }: NativeParts): Handlers<"listDiscoveries" | "reportDiscovery" | "listLandings"> {
  return {
    listDiscoveries: ({ query }) =>
      shown(pageOf(hub.state.discoveries.values(), query, { number: ({ at }) => at, id: (discovery) => discovery.id, first: "highest" }), viewDiscovery),
    reportDiscovery: async ({ body, caller }) => viewDiscovery(await reportDiscovery(hub, { ...body, session: holderOf(hub, caller, body.session) })),
    listLandings: ({ query }) =>
      shown(pageOf(hub.state.landings.values(), query, { number: ({ number }) => number, id: (landing) => landing.id, first: "lowest" }), (landing) =>
        viewLanding(hub.state, landing),
      ),
  }
}

/** An agent speaks for its own session. That of a task is none of those that can be named: it is said in words. */
function holderOf(hub: Hub, caller: Caller, named: string | null): string | null {
  if (caller.kind !== "agent") return named
  return hub.state.sessions.has(caller.session) ? caller.session : null
}

function ownClaim(hub: Hub, name: string, caller: Caller, by: string): ClaimId {
  const claim = hub.state.taken.get(id(name))
  const own = claim === undefined || caller.kind !== "agent" || claim.session === caller.session || (claim.session === null && claim.holder === by)
  if (!own) throw new FaultError(notAllowed("operate"))
  return id(name)
}

function claimOf(hub: Hub, name: ClaimId): ClaimView {
  const claim = hub.state.taken.get(name)
  if (claim === undefined)
    throw new FaultError(fault("unknown-claim", `there is no claim ${name}`, "its lease ran out meanwhile", "GET /v1/claims lists those that are held"))
  return viewClaim(claim)
}

function viewLanding(state: State, landing: Landing): LandingView {
  const { id: name, number, tasks, wave, repository, target, status, tries } = landing
  const { run, key } = taskOf(state, firstOf(landing))
  const held = status.name === "held" ? { held: status.fault, retryAt: status.retryAt } : { held: null, retryAt: null }
  return {
    id: name,
    number,
    run,
    task: key,
    tasks: tasks.map((task) => taskOf(state, task).key),
    wave,
    repository,
    target,
    status: status.name,
    ...held,
    tries,
  }
}
