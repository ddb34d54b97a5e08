/** The scripted agent's memory of its conversations: one small file each, so that they outlive the process. */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises"
import path from "node:path"

export interface Conversation {
  readonly id: string
  readonly cwd: string
  readonly turns: Turn[]
  /** How often each `[[fail …]]` has happened in this conversation. */
  readonly failures: Record<string, number>
}
export interface Turn {
  readonly prompt: string
  readonly said: string
}

const turnsMax = 50
const textCharsMax = 4_000

export class Conversations {
  readonly #directory: string
  constructor(directory: string) {
    this.#directory = directory
  }

  /** Null when it is not known. */
  async find(id: string): Promise<Conversation | null> {
    if (!/^[A-Za-z0-9-]{1,80}$/.test(id)) return null
    const text = await readFile(this.#file(id), "utf8").catch(() => null)
    return text === null ? null : (JSON.parse(text) as Conversation)
  }

  async save(conversation: Conversation): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 })
    const turns = conversation.turns.slice(-turnsMax).map(({ prompt, said }) => ({ prompt: prompt.slice(0, textCharsMax), said: said.slice(0, textCharsMax) }))
    const file = this.#file(conversation.id)
    await writeFile(`${file}.${process.pid}`, JSON.stringify({ ...conversation, turns }))
    await rename(`${file}.${process.pid}`, file)
  }

  #file(id: string): string {
    return path.join(this.#directory, `${id}.json`)
  }
}
