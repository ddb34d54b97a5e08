/** Sets the mode and the model of a new session, by whichever of ACP's ways the agent offers. */
import { methods, type ClientContext, type SessionConfigOption, type SessionModeState } from "@agentclientprotocol/sdk"
import type { AgentEntry } from "../options.ts"
import { placeholdersOf } from "../argv.ts"
import { notOffered } from "./faults.ts"

/** What `session/new`, `load` and `resume` answer with. `models` is an older way than config options; Gemini still uses it. */
export interface Offered {
  readonly modes?: SessionModeState | null
  readonly configOptions?: readonly SessionConfigOption[] | null
  readonly models?: { readonly availableModels?: readonly { readonly modelId: string }[] } | null
}

/** Rejects when the mode or model is not offered: an agent in the wrong mode may work without its sandbox, or not at all. */
export async function setUp(agent: ClientContext, sessionId: string, offered: Offered, entry: AgentEntry, model: string | null): Promise<void> {
  if (entry.mode !== null) await setMode(agent, sessionId, offered, entry, entry.mode)
  if (model !== null && !inArgv(entry)) await setModel(agent, sessionId, offered, entry, model)
}

const inArgv = (entry: AgentEntry): boolean => entry.argv.some((item) => placeholdersOf(item).includes("model"))

async function setMode(agent: ClientContext, sessionId: string, offered: Offered, entry: AgentEntry, mode: string): Promise<void> {
  const modes = offered.modes?.availableModes.map((available) => available.id) ?? []
  const option = configOption(offered, "mode")
  const values = valuesOf(option)
  if (modes.includes(mode)) {
    if (offered.modes?.currentModeId !== mode) await agent.request(methods.agent.session.setMode, { sessionId, modeId: mode })
  } else if (option !== null && values.includes(mode))
    await agent.request(methods.agent.session.setConfigOption, { sessionId, configId: option.id, value: mode })
  else throw notOffered(entry, "mode", mode, [...modes, ...values])
}

async function setModel(agent: ClientContext, sessionId: string, offered: Offered, entry: AgentEntry, model: string): Promise<void> {
  const option = configOption(offered, "model")
  const values = valuesOf(option)
  const older = offered.models?.availableModels?.map((available) => available.modelId) ?? []
  if (option !== null && values.includes(model)) await agent.request(methods.agent.session.setConfigOption, { sessionId, configId: option.id, value: model })
  else if (older.includes(model)) await agent.request<unknown>("session/set_model", { sessionId, modelId: model })
  else throw notOffered(entry, "model", model, [...values, ...older])
}

function configOption(offered: Offered, category: "mode" | "model"): SessionConfigOption | null {
  const options = offered.configOptions ?? []
  return options.find((option) => option.category === category) ?? options.find((option) => option.id === category) ?? null
}

function valuesOf(option: SessionConfigOption | null): string[] {
  if (option === null || option.type !== "select") return []
  return option.options.flatMap((entry) => ("options" in entry ? entry.options.map((inner) => inner.value) : [entry.value]))
}
