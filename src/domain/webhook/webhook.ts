/** An address outside that is told what happens, in order and at least once. What was delivered is no event (it would be one of its own making); being given up is. */
import type { Brand } from "../ids.ts"
import type { Topic } from "./topic.ts"

/** `wh_` and random characters. */
export type WebhookId = Brand<"webhook">

export interface Webhook {
  readonly id: WebhookId
  readonly url: string
  /** Empty: everything. */
  readonly topics: readonly Topic[]
  /** `whsec_` and the key of its signatures, in base64. */
  readonly secret: string
  /** Number of an event before it was added: it is told of those that came later. */
  readonly after: number
  readonly addedAt: number
  readonly status: { readonly name: "active" } | { readonly name: "disabled"; readonly reason: string; readonly at: number }
}

export type WebhookEvent =
  | {
      readonly type: "webhook.added"
      readonly webhook: WebhookId
      readonly url: string
      readonly topics: readonly Topic[]
      readonly secret: string
      readonly after: number
    }
  /** Goes to this webhook whatever its topics are. */
  | { readonly type: "webhook.tested"; readonly webhook: WebhookId }
  | { readonly type: "webhook.disabled"; readonly webhook: WebhookId; readonly reason: string }
  /** Goes on with what it was not told meanwhile. */
  | { readonly type: "webhook.enabled"; readonly webhook: WebhookId }
  | { readonly type: "webhook.removed"; readonly webhook: WebhookId }

export type WebhookCommand =
  | {
      readonly type: "webhook.add"
      readonly webhook: WebhookId
      readonly url: string
      readonly topics: readonly Topic[]
      readonly secret: string
      readonly after: number
    }
  | { readonly type: "webhook.test" | "webhook.enable" | "webhook.remove"; readonly webhook: WebhookId }
  | { readonly type: "webhook.disable"; readonly webhook: WebhookId; readonly reason: string }
