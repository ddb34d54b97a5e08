/**
 * Tells each webhook what happens, from the event log: in order, at least once, however often the hub dies. How far each has been told
 * is remembered beside the state; an event that could not be delivered is tried again, and holds up only those after it at the same
 * webhook. One that takes nothing for a day is disabled, with the reason.
 */
import type { Command } from "../domain/project/command.ts"
import type { Event } from "../domain/project/events.ts"
import type { State } from "../domain/project/state.ts"
import type { Webhook, WebhookId } from "../domain/webhook/webhook.ts"
import type { Broadcast } from "../runtime/broadcast.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Posts } from "./ports/posts.ts"
import type { Cursor, Remembered } from "./ports/remembered.ts"
import type { Stored } from "./ports/store.ts"
import { Turns } from "./webhooks-turns.ts"
import { concerns, messageOf } from "./webhooks-message.ts"

export interface WebhooksParts {
  /** What a hub is to them. */
  readonly hub: {
    readonly state: State
    readonly version: number
    readonly published: Broadcast<Stored<Event>>
    history(after: number, limit: number): Promise<readonly Stored<Event>[]>
    send(command: Command): Promise<void>
  }
  readonly remembered: Remembered
  readonly posts: Posts
  readonly clock: Clock
  /** 0 to 1, for the jitter. */
  readonly random: () => number
  /** CloudEvents `source` of this hub. */
  readonly source: string
  readonly complain: (error: unknown) => void
}

const postsMax = 8
const pageEvents = 200
/** Events that do not concern a webhook are written down as told only so often: to look at them again costs nothing. */
const skipsRemembered = 1_000
const firstRetryMs = 1_000
const retryMsMax = 15 * 60_000
export const givenUpMs = 24 * 60 * 60_000
/** What could not be read or written by us is tried again. */
const troubleMs = 5_000

export class Webhooks implements AsyncDisposable {
  readonly #parts: WebhooksParts
  readonly #turns = new Turns(postsMax)
  readonly #told = new Map<WebhookId, { readonly stop: AbortController; readonly ended: Promise<void> }>()
  readonly #subscription: Disposable

  /** Goes on where the last hub was. */
  constructor(parts: WebhooksParts) {
    this.#parts = parts
    this.#subscription = parts.hub.published.subscribe(({ event }) => this.#heard(event))
    for (const webhook of parts.hub.state.webhooks.values()) if (webhook.status.name === "active") this.#start(webhook.id)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#subscription[Symbol.dispose]()
    const told = [...this.#told.values()]
    for (const { stop } of told) stop.abort()
    await Promise.all(told.map(({ ended }) => ended))
  }

  #heard(event: Event): void {
    if (event.type === "webhook.added" || event.type === "webhook.enabled") this.#start(event.webhook)
    if (event.type === "webhook.disabled" || event.type === "webhook.removed") this.#told.get(event.webhook)?.stop.abort()
    if (event.type === "webhook.removed") void this.#forget(event.webhook)
  }

  #start(id: WebhookId): void {
    const before = this.#told.get(id)?.ended ?? Promise.resolve()
    const stop = new AbortController()
    const ended = before
      .then(() => this.#tell(id, stop.signal))
      .catch(this.#parts.complain)
      .finally(() => {
        if (this.#told.get(id)?.stop === stop) this.#told.delete(id)
      })
    this.#told.set(id, { stop, ended })
  }

  async #forget(id: WebhookId): Promise<void> {
    await this.#told.get(id)?.ended
    await this.#parts.remembered.dropCursor(id).catch(this.#parts.complain)
  }

  /** Until it is stopped or given up. */
  async #tell(id: WebhookId, signal: AbortSignal): Promise<void> {
    let cursor: Cursor | null = null
    while (!signal.aborted) {
      const webhook = this.#parts.hub.state.webhooks.get(id)
      if (webhook?.status.name !== "active") return
      try {
        cursor ??= await this.#begin(webhook)
        cursor = await this.#tellPage(webhook, cursor, signal)
        if (cursor.after >= this.#parts.hub.version) await this.#news(cursor.after, signal)
      } catch (error) {
        if (signal.aborted) return
        this.#parts.complain(error)
        cursor = null
        await this.#wait(troubleMs, signal)
      }
    }
  }

  /** Enabled again, it has a day anew. */
  async #begin({ id, after }: Webhook): Promise<Cursor> {
    const known = await this.#parts.remembered.cursor(id)
    if (known === null) return { after, failingSince: null, tries: 0 }
    const over = known.failingSince !== null && this.#parts.clock.now() - known.failingSince >= givenUpMs
    return over ? { ...known, failingSince: null, tries: 0 } : known
  }

  async #tellPage(webhook: Webhook, from: Cursor, signal: AbortSignal): Promise<Cursor> {
    let cursor = from
    let skipped = 0
    for (const stored of await this.#parts.hub.history(from.after, pageEvents)) {
      if (signal.aborted) break
      if (concerns(webhook, stored.event)) {
        const done = await this.#deliver(webhook, stored, cursor, signal)
        if (!done) return cursor
        skipped = 0
      } else skipped += 1
      const told = skipped === 0
      cursor = { after: stored.number, failingSince: null, tries: 0 }
      if (told || stored.number % skipsRemembered === 0) await this.#parts.remembered.moveCursor(webhook.id, cursor)
    }
    return cursor
  }

  /** Tries until it is taken. False: it was stopped or given up. */
  async #deliver(webhook: Webhook, stored: Stored<Event>, from: Cursor, signal: AbortSignal): Promise<boolean> {
    const { clock, posts, remembered, source } = this.#parts
    const body = messageOf(stored, source)
    let { failingSince, tries } = from
    while (!signal.aborted) {
      const message = { url: webhook.url, id: `${webhook.id}.${stored.number}`, secret: webhook.secret, body }
      const posted = await this.#turns.take(signal, () => posts.post({ ...message, at: clock.now() }, signal))
      if (posted === null || signal.aborted) return false
      if (posted.how === "taken") return true
      if (posted.how === "gone") return this.#giveUp(webhook, "the receiver answered 410: it wants no more")
      const now = clock.now()
      failingSince ??= now
      tries += 1
      await remembered.moveCursor(webhook.id, { after: from.after, failingSince, tries })
      if (now - failingSince >= givenUpMs) return this.#giveUp(webhook, `event ${stored.number} was tried ${tries} times in a day; the last time ${posted.why}`)
      await this.#wait(posted.retryAfterMs ?? this.#backOffMs(tries), signal)
    }
    return false
  }

  /** Doubles, and spreads over the upper half, so that many do not come back at one instant. */
  #backOffMs(tries: number): number {
    const ms = Math.min(retryMsMax, firstRetryMs * 2 ** Math.min(tries - 1, 30))
    return ms / 2 + (this.#parts.random() * ms) / 2
  }

  async #giveUp(webhook: Webhook, reason: string): Promise<false> {
    await this.#parts.hub.send({ type: "webhook.disable", webhook: webhook.id, reason })
    return false
  }

  /** Resolves when something was published after this number, or the signal aborts. */
  async #news(after: number, signal: AbortSignal): Promise<void> {
    await pause(signal, (go) => {
      if (this.#parts.hub.version > after) go()
      return this.#parts.hub.published.subscribe(go)
    })
  }

  async #wait(ms: number, signal: AbortSignal): Promise<void> {
    await pause(signal, (go) => this.#parts.clock.after(ms, go))
  }
}

/** Until `go` is called, or the signal aborts. */
async function pause(signal: AbortSignal, arm: (go: () => void) => Disposable): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const go = (): void => resolve()
  using _armed = arm(go)
  if (signal.aborted) return
  signal.addEventListener("abort", go)
  await promise
  signal.removeEventListener("abort", go)
}
