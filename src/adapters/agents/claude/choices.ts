/** The model and the mode of one `claude` process: what is offered, and what is chosen for one turn. */
import type { Offers } from "../../../protocol/worker.ts"
import type { SessionListener } from "../../../worker/ports/agent.ts"
import { notForOneTurn } from "../extras.ts"
import { list, record, text, type Json } from "../fields.ts"
import type { Connection } from "./connection.ts"

export interface Usual {
  readonly listener: SessionListener
  readonly model: string | null
  readonly mode: string
  readonly allowAll: boolean
}

export class Choices {
  /** Claude's answer to `initialize`. */
  told: Json = {}
  readonly #usual: Usual
  readonly #connection: Connection
  /** What was set last. */
  readonly #chosen = new Map<"model" | "mode", string>()

  constructor(usual: Usual, connection: Connection) {
    this.#usual = usual
    this.#connection = connection
  }

  /** For the turn that begins. Null undoes what was chosen for the one before. */
  async choose(what: "model" | "mode", wanted: string | null): Promise<void> {
    const { listener, allowAll } = this.#usual
    const usual = what === "model" ? (this.#usual.model ?? "default") : this.#usual.mode
    const next = wanted ?? usual
    if (next === (this.#chosen.get(what) ?? usual)) return
    // What claude asks before it acts is a matter of its mode.
    if (what === "mode" && next !== usual && next !== "plan" && !allowAll)
      return listener.said(notForOneTurn("claude", what, next, "it might no longer ask before it acts"))
    const request = what === "model" ? { subtype: "set_model", model: next } : { subtype: "set_permission_mode", mode: next }
    try {
      await this.#connection.request(request)
      this.#chosen.set(what, next)
    } catch (error) {
      listener.said(notForOneTurn("claude", what, next, (error as Error).message))
    }
  }

  offers(): Offers {
    return {
      modes: [
        { name: this.#usual.mode, description: "" },
        { name: "plan", description: "looks and plans, and changes nothing" },
      ],
      models: list(this.told["models"])
        .map(record)
        .map((model) => ({ id: text(model["value"]), title: text(model["displayName"]) || text(model["value"]) })),
      commands: list(this.told["commands"])
        .map(record)
        .map((command) => ({ name: text(command["name"]), description: text(command["description"]) })),
    }
  }
}
