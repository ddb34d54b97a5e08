/**
 * What must outlive the hub and is no event: answers that were given to requests with an `Idempotency-Key`, and how far each webhook
 * has been told. Losing it costs repetition, never truth. Adapters: `adapters/stores/remembered*.ts`.
 */

/** `at` is always epoch milliseconds. What is older than `rememberedMs` is as if it had never been. */
export interface Remembered extends AsyncDisposable {
  /** Looks whether a request was there before; when it was not, it is from now on. */
  begin(key: string, hash: string, at: number): Promise<Begun>
  /** Its answer, for those who ask again. A key that nobody began is ignored. */
  finish(key: string, answer: KeptAnswer, at: number): Promise<void>
  /** It came to nothing and may be tried again. */
  forget(key: string): Promise<void>
  cursor(name: string): Promise<Cursor | null>
  moveCursor(name: string, cursor: Cursor): Promise<void>
  dropCursor(name: string): Promise<void>
}

/** fresh: do it. same: this is what came of it. running: another is at it. other: the key was used for something else. lost: a hub died at it, and nobody knows how far it came. */
export type Begun =
  | { readonly how: "fresh" }
  | { readonly how: "same"; readonly answer: KeptAnswer }
  | { readonly how: "running" }
  | { readonly how: "other" }
  | { readonly how: "lost" }

export interface KeptAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Cursor {
  /** Number of the last event that is done with. */
  readonly after: number
  /** Since when the one after it could not be delivered; null: it was not tried in vain. */
  readonly failingSince: number | null
  readonly tries: number
}

export const rememberedMs = 24 * 60 * 60 * 1_000
/** More are not kept: the oldest go first. */
export const keysMax = 10_000
export const answerCharsMax = 1024 * 1024
export const answersCharsMax = 64 * 1024 * 1024
