/** How hard a conversation is to think, as opencode calls it: the `variant` of a prompt, one of those that its model offers. */
import type { SessionListener } from "../../../worker/ports/agent.ts"
import { effortNotTaken } from "../extras.ts"
import { list, record, text, textOrNull } from "../fields.ts"
import type { Api } from "./api.ts"

export class Effort {
  readonly #wanted: string | null
  readonly #listener: Pick<SessionListener, "said">
  readonly #known = new Map<string, readonly string[]>()
  #told = false
  /** Of the turn that began last; null: none is named. */
  variant: string | null = null

  constructor(wanted: string | null, listener: Pick<SessionListener, "said">) {
    this.#wanted = wanted
    this.#listener = listener
  }

  /** `model`: as the turn names it, `provider/model`; null: what the config says. What the model does not offer is left out, and said once. */
  async forTurn(api: Api, directory: string, model: string | null): Promise<string | null> {
    this.variant = null
    if (this.#wanted === null) return null
    try {
      const of = model ?? textOrNull(record(await api.get("/config", directory))["model"])
      const offered = of === null ? [] : await this.#offered(api, directory, of)
      if (offered.includes(this.#wanted)) this.variant = this.#wanted
      else this.#tell(of === null ? "no model is named, so it is not known what it offers" : `${of} offers ${offered.join(", ") || "none"}`)
    } catch (error) {
      // No reason not to send the prompt.
      this.#tell(error instanceof Error ? error.message : String(error))
    }
    return this.variant
  }

  async #offered(api: Api, directory: string, model: string): Promise<readonly string[]> {
    const known = this.#known.get(model) ?? (await variantsOf(api, directory, model))
    this.#known.set(model, known)
    return known
  }

  #tell(why: string): void {
    if (!this.#told) this.#listener.said(effortNotTaken("opencode", this.#wanted ?? "", why))
    this.#told = true
  }
}

async function variantsOf(api: Api, directory: string, model: string): Promise<string[]> {
  const { providers } = record(await api.get("/config/providers", directory))
  const provider = list(providers)
    .map(record)
    .find(({ id }) => model.startsWith(`${text(id)}/`))
  const found = record(record(provider?.["models"])[model.slice(text(provider?.["id"]).length + 1)])
  return Object.keys(record(found["variants"]))
}
