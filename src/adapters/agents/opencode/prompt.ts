/** A prompt as opencode takes it: its text or command, its pictures, the model and the agent ("mode") of its turn. */
import type { PromptExtras, SessionChunk } from "../../../worker/ports/agent.ts"
import { readPictures } from "../extras.ts"
import { list, record, text, textOrNull, type Json } from "../fields.ts"
import type { Api } from "./api.ts"
import type { Effort } from "./effort.ts"
import { modelOf } from "./messages.ts"

export interface Command {
  readonly name: string
  readonly arguments: string
}

/** What the session was opened with. */
export interface Usual {
  readonly model: string | null
  readonly mode: string | null
}
interface Opened extends Usual {
  readonly effort: Effort
}

/** What a prompt names where nothing is chosen for its turn. */
export interface Named extends Usual {
  /** The effort, as opencode calls it. A prompt without one has none, whatever the one before had. */
  readonly variant: string | null
}

/**
 * opencode goes on with the model and agent of the turn before. What a turn had of its own must be undone for the next, by the names that the
 * conversation had before, or else by the config's.
 */
export class Returning {
  #usual: Usual = { model: null, mode: null }
  #others: PromptExtras | null = null

  /** A prompt's message, as stored. */
  saw(info: Json): void {
    const { providerID, modelID } = record(info["model"])
    const mode = text(info["agent"])
    if (this.#others?.model == null && text(modelID) !== "") this.#usual = { ...this.#usual, model: `${text(providerID)}/${text(modelID)}` }
    if (this.#others?.mode == null && mode !== "") this.#usual = { ...this.#usual, mode }
  }

  /** What the turn must name, where the session was opened with nothing. */
  async forTurn(api: Api, directory: string, extras: PromptExtras, opened: Opened): Promise<Named> {
    const before = this.#others
    this.#others = extras
    const needs = { model: opened.model === null && before?.model != null, mode: opened.mode === null && before?.mode != null }
    const config = (needs.model && this.#usual.model === null) || (needs.mode && this.#usual.mode === null) ? record(await api.get("/config", directory)) : {}
    const model = needs.model ? (this.#usual.model ?? textOrNull(config["model"])) : opened.model
    return {
      model,
      mode: needs.mode ? (this.#usual.mode ?? (text(config["default_agent"]) || "build")) : opened.mode,
      variant: await opened.effort.forTurn(api, directory, extras.model ?? model),
    }
  }
}

/** The command that the text calls: `/name` at its start, when the server knows that name. */
export async function commandOf(api: Api, directory: string, words: string): Promise<Command | null> {
  const [whole, name] = /^\/([\w./:-]+)(?=\s|$)/.exec(words) ?? []
  if (whole === undefined || name === undefined) return null
  const commands = list(await api.get("/command", directory))
  return commands.some((command) => text(record(command)["name"]) === name) ? { name, arguments: words.slice(whole.length).trim() } : null
}

export async function promptBody(
  words: string,
  extras: PromptExtras,
  usual: Named,
  command: Command | null,
  said: (chunk: SessionChunk) => void,
): Promise<object> {
  const pictures = await readPictures(extras.attachments, said)
  const files = pictures.map(({ attachment: { mime, name }, base64 }) => ({ type: "file", mime, filename: name, url: `data:${mime};base64,${base64}` }))
  const model = extras.model ?? usual.model
  const agent = { ...agentOf(extras, usual), ...variantPart(usual) }
  if (command !== null) return { command: command.name, arguments: command.arguments, ...(model === null ? {} : { model }), ...agent, parts: files }
  return { parts: [{ type: "text", text: words }, ...files], ...modelPart(model), ...agent }
}

/** Said to a running turn: it goes on with the turn's model and agent. */
export function steerBody(words: string, extras: PromptExtras | null, usual: Opened): object {
  return { parts: [{ type: "text", text: words }], ...modelPart(extras?.model ?? usual.model), ...agentOf(extras, usual), ...variantPart(usual.effort) }
}

const agentOf = (extras: PromptExtras | null, usual: Usual): object => {
  const agent = extras?.mode ?? usual.mode
  return agent === null ? {} : { agent }
}

const variantPart = ({ variant }: Pick<Named, "variant">): object => (variant === null ? {} : { variant })

function modelPart(model: string | null): object {
  const named = model === null ? null : modelOf(model)
  return named === null ? {} : { model: named }
}
