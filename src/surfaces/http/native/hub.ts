/** Handlers about the hub itself: what it is, who is connected, what a name means, what happens. */
import type { State } from "../../../domain/project/state.ts"
import { find } from "../../../engine/find.ts"
import { workerWaitMs } from "../../../engine/submission.ts"
import { viewWorkers } from "../../../engine/views/run.ts"
import type { ProjectView } from "../../../protocol/api/schemas/hub.ts"
import { Feed } from "../streams-feed.ts"
import { streamEvents } from "../streams.ts"
import { docsPage, docsPolicy } from "./docs-page.ts"
import { openapiDocument } from "./document.ts"
import type { Handlers, NativeParts } from "./handler.ts"
import { pageOf, whole } from "./page.ts"
import { wait } from "./wait.ts"

type Ids =
  | "getHub"
  | "stopHub"
  | "listWorkers"
  | "listAgents"
  | "listProjects"
  | "find"
  | "wait"
  | "streamEvents"
  | "getOpenapi"
  | "getDocs"
  | "getHealth"
  | "getReady"

export function hubHandlers({ hub, about, stop }: NativeParts): Handlers<Ids> {
  const feed = new Feed(hub, hub.parts.clock)
  return {
    getHub: () => {
      const { state } = hub
      const active = [...state.runs.values()].filter((run) => run.status.name !== "settled").length
      const needsYou = [...state.approvals.values()].filter((approval) => approval.answer === null).length
      return { ...about(), runs: { active, total: state.runs.size }, needsYou, workers: viewWorkers(state) }
    },
    stopHub: ({ body }) => {
      stop(body.worker)
      return { stopping: true }
    },
    listWorkers: ({ query }) => pageOf(viewWorkers(hub.state), query, { number: () => 0, id: ({ id }) => id, first: "lowest" }),
    listAgents: async () => {
      const answer = await hub.workers.ask(await hub.anyWorker(workerWaitMs), { ask: "agents" })
      if (answer.ask !== "agents") throw new Error(`asked for agents, answered ${answer.ask}`)
      return whole(answer.agents)
    },
    listProjects: () => whole([projectOf(hub.parts.project, hub.state)]),
    find: ({ query }) => find(hub.state, query.name),
    wait: ({ query, signal }) => wait(hub, { run: query.run ?? null, sessions: query.session ?? [], timeoutMs: query.timeout * 1_000 }, signal),
    streamEvents: ({ context }) => streamEvents(context, feed),
    getOpenapi: ({ context }) => context.json(openapiDocument()),
    getDocs: ({ context }) => context.html(docsPage(), 200, { "content-security-policy": docsPolicy }),
    getHealth: () => ({ ok: true }),
    getReady: () => {
      const ready = [...hub.state.workers.values()].some(({ status }) => status.name === "connected")
      return { ready, why: ready ? null : "no worker is connected" }
    },
  }
}

function projectOf(id: string, state: State): ProjectView {
  const found = new Map<string, { runs: number; active: number; sessions: number }>()
  const of = (repository: string): { runs: number; active: number; sessions: number } => {
    const known = found.get(repository) ?? { runs: 0, active: 0, sessions: 0 }
    found.set(repository, known)
    return known
  }
  for (const run of state.runs.values()) {
    const counts = of(run.repository)
    counts.runs++
    if (run.status.name !== "settled") counts.active++
  }
  for (const { wanted, phase } of state.sessions.values()) if (wanted.commonDirectory !== null && phase.name !== "ended") of(wanted.repository).sessions++
  return { id, repositories: [...found].map(([repository, counts]) => ({ repository, ...counts })).sort((a, b) => (a.repository < b.repository ? -1 : 1)) }
}
