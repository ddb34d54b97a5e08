/** A prompt as opencode takes it: its text or command, its pictures, the model and the agent ("mode") of its turn. */
import type { PromptExtras, SessionChunk } from "../../../worker/ports/agent.ts"
import { readPictures } from "../extras.ts"
import { list, record, text } from "../fields.ts"
import type { Api } from "./api.ts"
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
  usual: Usual,
  command: Command | null,
  said: (chunk: SessionChunk) => void,
): Promise<object> {
  const pictures = await readPictures(extras.attachments, said)
  const files = pictures.map(({ attachment: { mime, name }, base64 }) => ({ type: "file", mime, filename: name, url: `data:${mime};base64,${base64}` }))
  const model = extras.model ?? usual.model
  const agent = agentOf(extras, usual)
  if (command !== null) return { command: command.name, arguments: command.arguments, ...(model === null ? {} : { model }), ...agent, parts: files }
  return { parts: [{ type: "text", text: words }, ...files], ...modelPart(model), ...agent }
}

/** Said to a running turn: it goes on with the turn's model and agent. */
export function steerBody(words: string, extras: PromptExtras | null, usual: Usual): object {
  return { parts: [{ type: "text", text: words }], ...modelPart(extras?.model ?? usual.model), ...agentOf(extras, usual) }
}

const agentOf = (extras: PromptExtras | null, usual: Usual): object => {
  const agent = extras?.mode ?? usual.mode
  return agent === null ? {} : { agent }
}

function modelPart(model: string | null): object {
  const named = model === null ? null : modelOf(model)
  return named === null ? {} : { model: named }
}
