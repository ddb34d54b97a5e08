/** What the engine needs to tell the world outside: a post to an address, and a notice on the person's desktop. Adapters: `adapters/webhooks/*`, `adapters/notify/*`. */

export interface Posts {
  /** Signs and posts one message. Resolves to what came of it; rejects only with a bug, or when the signal aborts. */
  post(message: Message, signal: AbortSignal): Promise<Posted>
}

export interface Message {
  readonly url: string
  /** The same in every try: receivers know by it what they have. */
  readonly id: string
  /** `whsec_…` */
  readonly secret: string
  /** Epoch milliseconds of this try. */
  readonly at: number
  /** JSON. */
  readonly body: string
}

/** taken: a 2xx answer. gone: the receiver wants no more (410). failed: anything else; `retryAfterMs` when the receiver said when to come back. */
export type Posted =
  | { readonly how: "taken"; readonly status: number }
  | { readonly how: "gone" }
  | { readonly how: "failed"; readonly why: string; readonly retryAfterMs: number | null }

export interface Desktop {
  /** Plain text. Resolves when it was handed over, or could not be; never rejects. */
  show(title: string, text: string): Promise<void>
}
