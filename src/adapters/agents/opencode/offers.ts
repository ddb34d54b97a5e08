/** What opencode offers to choose from, in one directory. */
import type { Offers } from "../../../protocol/worker.ts"
import { nothingOffered } from "../../../worker/ports/agent.ts"
import { list, record, text } from "../fields.ts"
import type { Api } from "./api.ts"

/** Nothing where it does not answer. */
export async function offersOf(api: Api | null, directory: string): Promise<Offers> {
  if (api === null) return nothingOffered
  const [modes, models, commands] = await Promise.all([
    modesOf(api, directory).catch(() => nothingOffered.modes),
    modelsOf(api, directory).catch(() => nothingOffered.models),
    commandsOf(api, directory).catch(() => nothingOffered.commands),
  ])
  return { modes, models, commands }
}

/** Agents that a prompt can be given to: not those that are only started by others, and not opencode's own for titles and summaries. */
export async function modesOf(api: Api, directory: string): Promise<Offers["modes"]> {
  return list(await api.get("/agent", directory))
    .map(record)
    .filter((agent) => agent["hidden"] !== true && agent["mode"] !== "subagent")
    .map((agent) => ({ name: text(agent["name"]), description: text(agent["description"]) }))
}

/** Of the providers that can be used: by a login, a key or the config. */
export async function modelsOf(api: Api, directory: string): Promise<Offers["models"]> {
  const { providers } = record(await api.get("/config/providers", directory))
  return list(providers)
    .map(record)
    .flatMap((provider) =>
      Object.entries(record(provider["models"])).map(([id, model]) => ({
        id: `${text(provider["id"])}/${id}`,
        title: `${text(provider["name"])} ${text(record(model)["name"]) || id}`,
      })),
    )
}

async function commandsOf(api: Api, directory: string): Promise<Offers["commands"]> {
  return list(await api.get("/command", directory))
    .map(record)
    .map((command) => ({ name: text(command["name"]), description: text(command["description"]) }))
}
