/** Handlers about campaigns, their strategies, and the health of a repository. */
import { fault, FaultError } from "../../../domain/fault.ts"
import { healthPlan, healthQueue } from "../../../domain/health/queue.ts"
import { id, type RunId } from "../../../domain/ids.ts"
import { runOf } from "../../../domain/project/state.ts"
import { comparisonOf, type Comparison } from "../../../domain/strategy/comparison.ts"
import { isSpeculative } from "../../../domain/run/campaign.ts"
import { startCampaign } from "../../../engine/campaigns.ts"
import { continueCampaign } from "../../../engine/continue-campaign.ts"
import { findRun } from "../../../engine/find.ts"
import type { Hub } from "../../../engine/hub.ts"
import { inspect, workerWaitMs } from "../../../engine/submission.ts"
import { viewRun } from "../../../engine/views/run.ts"
import type { RunView } from "../../../protocol/views.ts"
import { notAllowed } from "../access.ts"
import type { Handlers, NativeParts } from "./handler.ts"

export function campaignHandlers({ hub }: NativeParts): Handlers<"startCampaign" | "continueCampaign" | "compareStrategies" | "pickStrategy" | "diagnose"> {
  const view = (run: RunId): RunView => viewRun(hub.state, runOf(hub.state, run), hub.live, hub.parts.clock.now())
  return {
    startCampaign: async ({ body, caller }) => {
      // What a person must agree to, no agent agrees to for them.
      if (caller.kind === "agent" && (body.confirmed !== "no" || body.pickBest)) throw new FaultError(notAllowed("operate"))
      const { run, said } = await startCampaign(hub, body)
      return { ...view(run), said: [...said] }
    },
    continueCampaign: async ({ body, caller }) => {
      if (caller.kind === "agent" && (body.confirmed !== "no" || body.anyway)) throw new FaultError(notAllowed("operate"))
      const { run, said } = await continueCampaign(hub, body)
      return { run: view(run), said: [...said] }
    },
    compareStrategies: ({ params }) => comparison(hub, findRun(hub.state, params.run)),
    pickStrategy: async ({ params, body, by }) => {
      const run = findRun(hub.state, params.run)
      await hub.send({ type: "run.pick", run, key: body.strategy === null ? null : id(body.strategy), by })
      return view(run)
    },
    diagnose: async ({ body }) => {
      const { root } = await inspect(hub, body.directory)
      const answer = await hub.workers.ask(await hub.anyWorker(workerWaitMs), { ask: "health", repository: root })
      if (answer.ask !== "health") throw new Error(`asked for health, answered ${answer.ask}`)
      const queue = healthQueue(answer.findings)
      return {
        findings: answer.findings,
        plan: healthPlan(queue),
        queue: queue.items.map(({ rank, task, wave, why }) => ({ rank, task: task.key, wave, why })),
        unknown: [...queue.unknown],
        notices: [...queue.notices],
      }
    },
  }
}

function comparison(hub: Hub, run: RunId): Comparison {
  const of = runOf(hub.state, run)
  if (isSpeculative(of)) return comparisonOf(hub.state, of)
  throw new FaultError(
    fault(
      "not-speculative",
      `run ${run} has no strategies to compare`,
      "it was not started as a speculative one",
      "fleet speculate starts one; fleet status lists the runs",
    ),
  )
}
