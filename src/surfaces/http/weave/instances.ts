/** `/api/instances/:id/…`: what a session's agent offers to choose from, and the files to complete a name with. */
import type { Hono } from "hono"
import { id } from "../../../domain/ids.ts"
import type { Hub } from "../../../engine/hub.ts"
import type { Offers } from "../../../protocol/worker.ts"
import { findInstance } from "./find.ts"
import type { WeaveParts } from "./parts.ts"

const foundMax = 50

export function instanceRoutes(app: Hono, { hub }: WeaveParts): void {
  app.get("/instances/:id/agents", async (context) => {
    const { modes } = await offersOf(hub, context.req.param("id"))
    return context.json(modes.map(({ name, description }) => ({ name, description, mode: "primary" })))
  })
  app.get("/instances/:id/commands", async (context) => context.json((await offersOf(hub, context.req.param("id"))).commands))
  app.get("/instances/:id/models", async (context) => {
    const view = findInstance(hub, context.req.param("id"))
    return context.json(byProvider(await offersOf(hub, context.req.param("id")), view.agent))
  })
  app.get("/instances/:id/find/files", async (context) => {
    const view = findInstance(hub, context.req.param("id"))
    const text = context.req.query("query") ?? ""
    const answer = await hub.workers.ask(id(view.worker), { ask: "find-files", workspace: id(view.workspace), text, limit: foundMax })
    if (answer.ask !== "find-files") throw new Error(`asked to find files, answered ${answer.ask}`)
    return context.json(answer.paths)
  })
}

async function offersOf(hub: Hub, name: string): Promise<Offers> {
  const view = findInstance(hub, name)
  const answer = await hub.workers.ask(id(view.worker), { ask: "offers", session: id(view.id) })
  if (answer.ask !== "offers") throw new Error(`asked for offers, answered ${answer.ask}`)
  return answer.offers
}

/** Models of an agent that knows no providers are its own. */
function byProvider({ models }: Offers, agent: string): object[] {
  const providers = new Map<string, { id: string; name: string }[]>()
  for (const { id: model, title } of models) {
    const slash = model.indexOf("/")
    const provider = slash === -1 ? agent : model.slice(0, slash)
    providers.set(provider, [...(providers.get(provider) ?? []), { id: model.slice(slash + 1), name: title }])
  }
  return [...providers].map(([provider, of]) => ({ id: provider, name: provider, models: of }))
}
