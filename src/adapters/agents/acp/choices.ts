/** What one ACP session offers to choose from, and what is chosen for one turn of it. */
import type { ClientContext } from "@agentclientprotocol/sdk"
import type { Offers } from "../../../protocol/worker.ts"
import type { SessionListener } from "../../../worker/ports/agent.ts"
import { notForOneTurn } from "../extras.ts"
import { record, text } from "../fields.ts"
import type { DriverOptions } from "../options.ts"
import { choose, currentOf, offeredOf, type Choice, type Offered } from "./settings.ts"

export class Choices {
  readonly #agent: ClientContext
  readonly #session: string
  readonly #offered: Offered
  readonly #options: DriverOptions
  /** As the session was opened. */
  readonly #usual: Readonly<Record<Choice, string | null>>
  readonly #now: Record<Choice, string | null>
  #commands: Offers["commands"] = []

  constructor(agent: ClientContext, session: string, offered: Offered, options: DriverOptions, model: string | null) {
    this.#agent = agent
    this.#session = session
    this.#offered = offered
    this.#options = options
    this.#usual = { mode: options.entry.mode ?? currentOf(offered, "mode"), model: model ?? currentOf(offered, "model") }
    this.#now = { ...this.#usual }
  }

  /** For the turn that begins. Null undoes what was chosen for the one before. */
  async forTurn(what: Choice, wanted: string | null, listener: SessionListener): Promise<void> {
    const { entry, permissions } = this.#options
    const next = wanted ?? this.#usual[what]
    if (next === null || next === this.#now[what]) return
    const refuse = (why: string): void => listener.said(notForOneTurn(entry.name, what, next, why))
    // Where Fleet sets a mode so that the agent asks, another may ask no more.
    if (what === "mode" && wanted !== null && permissions === "ask" && entry.mode !== null && next !== "plan" && next !== entry.mode)
      return refuse("it might no longer ask before it acts")
    try {
      if (await choose(this.#agent, this.#session, this.#offered, what, next)) this.#now[what] = next
      else refuse("the agent does not offer it")
    } catch (error) {
      refuse((error as Error).message)
    }
  }

  offers(): Offers {
    return {
      modes: offeredOf(this.#offered, "mode").map(({ name, title }) => ({ name, description: title })),
      models: offeredOf(this.#offered, "model").map(({ name, title }) => ({ id: name, title })),
      commands: this.#commands,
    }
  }

  /** Of an `available_commands_update`. */
  told(commands: unknown): void {
    if (!Array.isArray(commands)) return
    this.#commands = commands.map(record).map((command) => ({ name: text(command["name"]), description: text(command["description"]) }))
  }
}
