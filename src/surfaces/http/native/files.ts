/** Handlers about the files of a session's directory, and what its agent offers. All of it is asked of the session's worker. */
import { id } from "../../../domain/ids.ts"
import type { Hub } from "../../../engine/hub.ts"
import type { Answer, Query } from "../../../protocol/worker.ts"
import type { SessionView } from "../../../protocol/session-views.ts"
import type { Handlers, NativeParts } from "./handler.ts"
import { seenSession } from "./seen-session.ts"

type Ids = "listFiles" | "findFiles" | "getFile" | "editFile" | "getOffers"

export function fileHandlers({ hub }: NativeParts): Handlers<Ids> {
  const seen = (params: { readonly session: string }): SessionView => seenSession(hub, params.session)
  return {
    listFiles: async ({ params }) => {
      const of = seen(params)
      const { entries, cut } = await ask(hub, of, { ask: "tree", workspace: id(of.workspace) })
      return { entries: [...entries], cut }
    },
    findFiles: async ({ params, query }) => {
      const of = seen(params)
      const { paths } = await ask(hub, of, { ask: "find-files", workspace: id(of.workspace), ...query })
      return { paths: [...paths] }
    },
    getFile: async ({ params, query }) => {
      const of = seen(params)
      return (await ask(hub, of, { ask: "file", workspace: id(of.workspace), path: query.path })).file
    },
    editFile: async ({ params, body }) => {
      const of = seen(params)
      await ask(hub, of, { ask: "edit", workspace: id(of.workspace), edit: body })
      return { session: of.id, path: body.path }
    },
    getOffers: async ({ params }) => {
      const of = seen(params)
      return (await ask(hub, of, { ask: "offers", session: id(of.id) })).offers
    },
  }
}

type AnswerTo<Name extends Query["ask"]> = Extract<Answer, { ok: true; ask: Name }>

async function ask<Q extends Query>(hub: Hub, { worker }: SessionView, query: Q): Promise<AnswerTo<Q["ask"]>> {
  const answer = await hub.workers.ask(id(worker), query)
  if (answer.ask !== query.ask) throw new Error(`asked for ${query.ask}, answered ${answer.ask}`)
  // Looked at just above.
  return answer as AnswerTo<Q["ask"]>
}
