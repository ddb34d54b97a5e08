/** Who of a campaign works where now, as other tools read it. */
import { agentText } from "../../domain/session-file/agent-type.ts"
import { instanceId } from "../../domain/planning/instance-id.ts"
import { taskOf, type State } from "../../domain/project/state.ts"
import type { Run } from "../../domain/run/run.ts"
import { placesInWaves } from "../../domain/run/wave.ts"
import { scopeText } from "../../domain/scope/normalise.ts"
import { scopesOf } from "../../domain/task/task.ts"
import type { PlanningWrite } from "../../protocol/planning/record.ts"

/** From the first attempt of a task until it has landed or failed: as its claim in the state. `lastSeen` moves by the hour, so that it is written seldom. */
export function coordinationOf(state: State, run: Run, now: number): PlanningWrite & { readonly kind: "coordination" } {
  const slug = run.campaign?.slug ?? run.id
  const places = placesInWaves(run)
  const held = run.tasks.filter((id) => state.claims.has(id))
  const lastSeen = new Date(Math.max(run.startedAt, now - (now % hourMs))).toISOString()
  const working = held.flatMap((id) => {
    const task = taskOf(state, id)
    const place = places.get(id)
    const startedAt = task.state.name === "running" ? task.state.attempt.startedAt : task.attempts.at(-1)?.startedAt
    if (place === undefined || startedAt === undefined) return []
    return [{ task, instance: instanceId(slug, place.wave, place.index), since: new Date(startedAt).toISOString() }]
  })
  return {
    kind: "coordination",
    slug,
    claims: working.map(({ task, instance, since }) => ({
      instanceId: instance,
      type: agentText(task),
      scope: scopesOf(task).map(scopeText),
      description: task.plan.title,
      claimedAt: since,
    })),
    instances: working.map(({ instance, since }) => ({
      instanceId: instance,
      startedAt: since,
      lastSeen: lastSeen < since ? since : lastSeen,
      status: "active",
      pid: null,
      campaignSlug: slug,
    })),
  }
}

const hourMs = 60 * 60_000
