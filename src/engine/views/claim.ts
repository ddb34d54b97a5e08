/** Claims and discoveries as surfaces show them. */
import type { Claim } from "../../domain/claim/claim.ts"
import type { Discovery } from "../../domain/discovery/discovery.ts"
import { runOf, taskOf, type State } from "../../domain/project/state.ts"
import { scopeText } from "../../domain/scope/normalise.ts"
import { scopesOf } from "../../domain/task/task.ts"
import type { ClaimView, DiscoveryView } from "../../protocol/coordination-views.ts"

/** Those of tasks first, then those under a lease, each as old as it is. */
export function viewClaims(state: State): ClaimView[] {
  const ofTasks = [...state.claims].map((id): ClaimView => {
    const task = taskOf(state, id)
    const since = task.attempts[0]?.startedAt ?? (task.state.name === "running" ? task.state.attempt.startedAt : null)
    return {
      id,
      holder: `task ${id}`,
      task: id,
      session: null,
      repository: runOf(state, task.run).commonDirectory,
      scopes: scopesOf(task).map(scopeText),
      purpose: task.plan.title,
      since,
      until: null,
    }
  })
  return [...ofTasks, ...[...state.taken.values()].sort((a, b) => a.takenAt - b.takenAt).map(viewClaim)]
}

export function viewClaim({ id, holder, session, commonDirectory, scopes, purpose, takenAt, until }: Claim): ClaimView {
  return { id, holder, task: null, session, repository: commonDirectory, scopes: scopes.map(scopeText), purpose, since: takenAt, until }
}

export function viewDiscovery({ id, session, task, commonDirectory, text, paths, at }: Discovery): DiscoveryView {
  return { id, session, task, repository: commonDirectory, text, paths, at }
}
