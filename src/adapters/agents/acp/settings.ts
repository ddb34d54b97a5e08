/** Sets the mode and the model of a new session, by whichever of ACP's ways the agent offers. */
import { methods, type ClientContext, type SessionConfigOption, type SessionModeState } from "@agentclientprotocol/sdk"
import type { AgentEntry } from "../options.ts"
import { placeholdersOf } from "../argv.ts"
import { notOffered } from "./faults.ts"

/** What `session/new`, `load` and `resume` answer with. `models` is an older way than config options; Gemini still uses it. */
export interface Offered {
  readonly modes?: SessionModeState | null
  readonly configOptions?: readonly SessionConfigOption[] | null
  readonly models?: { readonly availableModels?: readonly { readonly modelId: string; readonly name?: string }[]; readonly currentModelId?: string } | null
}

/** Rejects when the mode or model is not offered: an agent in the wrong mode may work without its sandbox, or not at all. */
export async function setUp(agent: ClientContext, sessionId: string, offered: Offered, entry: AgentEntry, model: string | null): Promise<void> {
  if (entry.mode !== null && !(await choose(agent, sessionId, offered, "mode", entry.mode)))
    throw notOffered(entry, "mode", entry.mode, namesOf(offered, "mode"))
  if (model !== null && !inArgv(entry) && !(await choose(agent, sessionId, offered, "model", model)))
    throw notOffered(entry, "model", model, namesOf(offered, "model"))
}

const inArgv = (entry: AgentEntry): boolean => entry.argv.some((item) => placeholdersOf(item).includes("model"))

/** Resolves to why the agent goes on without it, null when it took it. Thinking less or more than wished is no reason not to begin. */
export async function setEffort(agent: ClientContext, sessionId: string, { configOptions }: Offered, effort: string): Promise<string | null> {
  const options = configOptions ?? []
  // The protocol's own category for it first; agents from before it name the option.
  const option =
    options.find(({ category }) => category === "thought_level") ?? options.find(({ id, name }) => id === "effort" || name.toLowerCase() === "effort") ?? null
  if (option === null) return "it offers no choice of effort over ACP"
  const values = valuesOf(option).map(({ name }) => name)
  if (!values.includes(effort)) return `it offers ${values.join(", ")}`
  try {
    await agent.request(methods.agent.session.setConfigOption, { sessionId, configId: option.id, value: effort })
    return null
  } catch (error) {
    return (error as Error).message
  }
}

export type Choice = "mode" | "model"

interface Named {
  readonly name: string
  readonly title: string
}

/** False when it is not offered. */
export async function choose(agent: ClientContext, sessionId: string, offered: Offered, what: Choice, wanted: string): Promise<boolean> {
  const option = configOption(offered, what)
  if (plain(offered, what).some(({ name }) => name === wanted)) {
    if (what === "mode") await agent.request(methods.agent.session.setMode, { sessionId, modeId: wanted })
    else await agent.request<unknown>("session/set_model", { sessionId, modelId: wanted })
  } else if (option !== null && valuesOf(option).some(({ name }) => name === wanted))
    await agent.request(methods.agent.session.setConfigOption, { sessionId, configId: option.id, value: wanted })
  else return false
  return true
}

/** What the agent began with; null where it does not say. */
export function currentOf(offered: Offered, what: Choice): string | null {
  const option = configOption(offered, what)
  const plainly = what === "mode" ? offered.modes?.currentModeId : offered.models?.currentModelId
  return plainly ?? (option?.type === "select" ? String(option.currentValue) : null)
}

export function offeredOf(offered: Offered, what: Choice): readonly Named[] {
  const plainly = plain(offered, what)
  return plainly.length > 0 ? plainly : valuesOf(configOption(offered, what))
}

const namesOf = (offered: Offered, what: Choice): string[] => offeredOf(offered, what).map(({ name }) => name)

function plain(offered: Offered, what: Choice): Named[] {
  if (what === "mode") return offered.modes?.availableModes.map((mode) => ({ name: mode.id, title: mode.description ?? mode.name })) ?? []
  return offered.models?.availableModels?.map((model) => ({ name: model.modelId, title: model.name ?? model.modelId })) ?? []
}

function configOption(offered: Offered, category: Choice): SessionConfigOption | null {
  const options = offered.configOptions ?? []
  return options.find((option) => option.category === category) ?? options.find((option) => option.id === category) ?? null
}

function valuesOf(option: SessionConfigOption | null): Named[] {
  if (option === null || option.type !== "select") return []
  const values = option.options.flatMap((entry) => ("options" in entry ? entry.options : [entry]))
  return values.map((value) => ({ name: value.value, title: value.name }))
}
