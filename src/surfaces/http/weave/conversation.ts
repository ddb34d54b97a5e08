/** A transcript as a conversation in OpenCode's shape: messages with parts. Entries come in order; ids say the position, so they stay when the transcript grows. */
import type { TranscriptEntry } from "../../../protocol/worker.ts"
import { toolOf } from "./tool-part.ts"

export interface Message {
  readonly info: MessageInfo
  readonly parts: readonly Part[]
}
export type MessageInfo =
  | { readonly id: string; readonly sessionID: string; readonly role: "user"; readonly time: { readonly created: number }; readonly agent: string }
  | {
      readonly id: string
      readonly sessionID: string
      readonly role: "assistant"
      readonly parentID: string
      readonly time: { readonly created: number; readonly completed?: number }
      readonly agent: string
      readonly modelID: string
      readonly providerID: string
      readonly error?: { readonly name: string; readonly data: { readonly message: string } }
    }
interface PartOf {
  readonly id: string
  readonly sessionID: string
  readonly messageID: string
}
export type Part = PartOf &
  (
    | { readonly type: "text" | "reasoning"; readonly text: string; readonly synthetic?: true; readonly time: { readonly start: number } }
    | { readonly type: "tool"; readonly callID: string; readonly tool: string; readonly state: ToolState }
  )
export type ToolState =
  | { readonly status: "running"; readonly input: object; readonly title: string; readonly time: { readonly start: number } }
  | {
      readonly status: "completed"
      readonly input: object
      readonly output: string
      readonly title: string
      readonly metadata: object
      readonly time: { readonly start: number; readonly end: number }
    }
  | { readonly status: "error"; readonly input: object; readonly error: string; readonly time: { readonly start: number; readonly end: number } }

export interface Speaker {
  /** Id of the session as its reader knows it. */
  readonly sessionID: string
  readonly agent: string
  readonly model: string | null
}

/** What an entry changed: the message, and the one part of it, if any. */
export interface Change {
  readonly info: MessageInfo
  readonly part: Part | null
}

export class Conversation {
  readonly #speaker: Speaker
  #position = 0
  #asked = ""
  #open: { info: MessageInfo; parts: Part[] } | null = null
  /** Is told of each message when it is whole. */
  readonly #whole: (message: Message, position: number) => void

  constructor(speaker: Speaker, whole: (message: Message, position: number) => void) {
    this.#speaker = speaker
    this.#whole = whole
  }

  /** Messages so far, the unfinished one included. */
  get count(): number {
    return this.#position
  }

  add(entry: TranscriptEntry): Change {
    switch (entry.type) {
      case "prompt":
        return this.#prompt(entry)
      case "text":
        return this.#say(entry, "text", false)
      case "thought":
        return this.#say(entry, "reasoning", false)
      case "note":
      case "permission":
        return this.#say(entry, "text", true)
      case "tool":
        return this.#use(entry)
      case "turn":
        return this.#end(entry)
    }
  }

  /** Hands over the message that is not whole yet. */
  flush(): void {
    if (this.#open !== null) this.#whole(this.#open, this.#position)
    this.#open = null
  }

  #prompt({ at, text }: TranscriptEntry): Change {
    this.flush()
    const { sessionID, agent } = this.#speaker
    const id = this.#next()
    const info: MessageInfo = { id, sessionID, role: "user", time: { created: at }, agent }
    const part: Part = { id: partId(this.#position, 0), sessionID, messageID: id, type: "text", text, time: { start: at } }
    this.#asked = id
    this.#open = { info, parts: [part] }
    this.flush()
    return { info, part }
  }

  #say({ at, text }: TranscriptEntry, type: "text" | "reasoning", synthetic: boolean): Change {
    const message = this.#answer(at)
    const last = message.parts.at(-1)
    const goesOn = last !== undefined && last.type === type && (last.synthetic ?? false) === synthetic && !synthetic
    const part: Part = goesOn
      ? { ...last, text: last.text + text }
      : { ...this.#partOf(message), type, text, ...(synthetic ? { synthetic: true } : {}), time: { start: at } }
    if (goesOn) message.parts[message.parts.length - 1] = part
    else message.parts.push(part)
    return { info: message.info, part }
  }

  #use(entry: TranscriptEntry): Change {
    const message = this.#answer(entry.at)
    const tool = toolOf(entry)
    const at = message.parts.findLastIndex((part) => part.type === "tool" && part.tool === tool.title && part.state.status === "running")
    const known = message.parts[at]
    const start = known?.type === "tool" ? known.state.time.start : entry.at
    const of = known ?? this.#partOf(message)
    const { id, sessionID, messageID } = of
    const part: Part = { id, sessionID, messageID, type: "tool", callID: `call_${id.slice(4)}`, tool: tool.title, state: tool.state(start) }
    if (known === undefined) message.parts.push(part)
    else message.parts[at] = part
    return { info: message.info, part }
  }

  #end({ at, text }: TranscriptEntry): Change {
    const message = this.#answer(at)
    const failed = text !== "completed"
    if (message.info.role === "assistant") {
      const error = { name: text === "interrupted" ? "MessageAbortedError" : "UnknownError", data: { message: text } }
      message.info = { ...message.info, time: { ...message.info.time, completed: at }, ...(failed ? { error } : {}) }
    }
    this.flush()
    return { info: message.info, part: null }
  }

  /** The agent's message that is open, or a new one. */
  #answer(at: number): { info: MessageInfo; parts: Part[] } {
    if (this.#open !== null) return this.#open
    const { sessionID, agent, model } = this.#speaker
    const [providerID = "", ...rest] = model?.includes("/") === true ? model.split("/") : ["", model ?? ""]
    const id = this.#next()
    this.#open = {
      info: { id, sessionID, role: "assistant", parentID: this.#asked, time: { created: at }, agent, modelID: rest.join("/"), providerID },
      parts: [],
    }
    return this.#open
  }

  #partOf({ info, parts }: { info: MessageInfo; parts: readonly Part[] }): PartOf {
    return { id: partId(this.#position, parts.length), sessionID: info.sessionID, messageID: info.id }
  }

  #next(): string {
    this.#position += 1
    return messageId(this.#position)
  }
}

const digits = 9
export const messageId = (position: number): string => `msg_${String(position).padStart(digits, "0")}`
const partId = (message: number, part: number): string => `prt_${String(message).padStart(digits, "0")}_${part}`

/** Null: no id of ours. */
export function positionOf(message: string): number | null {
  const [, position] = /^msg_(\d{9})$/.exec(message) ?? []
  return position === undefined ? null : Number(position)
}
