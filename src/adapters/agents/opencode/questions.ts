/** What one conversation asks: permissions, which somebody answers, and questions with choices, which nobody can. Everything may be heard twice. */
import type { SessionListener } from "../../../worker/ports/agent.ts"
import { list, record, text, type Json } from "../fields.ts"
import { permissionOf } from "./messages.ts"
import type { Server } from "./server.ts"

export interface Asking {
  readonly listener: SessionListener
  readonly directory: string
  readonly allowAll: boolean
}

export class Questions {
  readonly #asking: Asking
  /** Permissions that somebody is to answer. */
  readonly #open = new Set<string>()
  readonly #answered = new Set<string>()

  constructor(asking: Asking) {
    this.#asking = asking
  }

  permission(server: Server | null, asked: Json, call: Json): void {
    const request = permissionOf(asked, call)
    if (server === null || this.#open.has(request.permission) || this.#answered.has(request.permission)) return
    if (this.#asking.allowAll) return void this.#reply(server, request.permission, true, null)
    this.#open.add(request.permission)
    this.#asking.listener.asked(request)
  }

  async answer(server: Server | null, permission: string, allow: boolean, note: string | null): Promise<boolean> {
    if (server === null || !this.#open.delete(permission)) return false
    return await this.#reply(server, permission, allow, note)
  }

  withdraw(permission: string): void {
    if (this.#open.delete(permission)) this.#asking.listener.withdrawn(permission)
  }

  /** Nobody sits there to choose; without any answer the turn would wait for ever. */
  async question(server: Server | null, asked: Json): Promise<void> {
    const id = text(asked["id"])
    if (server === null || this.#answered.has(id)) return
    this.#answered.add(id)
    const { listener, directory } = this.#asking
    const questions = list(asked["questions"])
    const words = questions.map((question) => text(record(question)["question"])).join(" ")
    listener.said({ type: "note", text: `opencode asked, and was told that nobody can answer: ${words}` })
    const answers = questions.map(() => ["Nobody can answer questions here. Decide it yourself by what the task says, and go on."])
    await server.api.post(`/question/${id}/reply`, directory, { answers }).catch(() => this.#answered.delete(id))
  }

  /** Reads what is open on the server, for the conversations of that family. */
  async read(server: Server, family: ReadonlySet<string>, callOf: (asked: Json) => Json): Promise<void> {
    const { directory } = this.#asking
    const ours = (asked: Json): boolean => family.has(text(asked["sessionID"]))
    // One that is asked while we read is not in the list, and open all the same.
    const before = [...this.#open]
    const permissions = list(await server.api.get("/permission", directory))
      .map(record)
      .filter(ours)
    for (const asked of permissions) this.permission(server, asked, callOf(asked))
    const still = new Set(permissions.map((asked) => text(asked["id"])))
    for (const permission of before) if (!still.has(permission)) this.withdraw(permission)
    for (const asked of list(await server.api.get("/question", directory))
      .map(record)
      .filter(ours))
      await this.question(server, asked)
  }

  /** The turn has ended. */
  over(): void {
    for (const permission of this.#open) this.withdraw(permission)
    this.#answered.clear()
  }

  async #reply(server: Server, permission: string, allow: boolean, note: string | null): Promise<boolean> {
    this.#answered.add(permission)
    // Without words, opencode ends its turn at a denial.
    const body = allow ? { reply: "once" } : { reply: "reject", message: note ?? "This was denied. Go on without it." }
    return await server.api.post(`/permission/${permission}/reply`, this.#asking.directory, body).then(
      () => true,
      () => false,
    )
  }
}
