/** What events about webhooks change. */
import type { State } from "../project/state.ts"
import type { Webhook, WebhookEvent, WebhookId } from "./webhook.ts"

export function applyWebhook(state: State, event: WebhookEvent, at: number): State {
  switch (event.type) {
    case "webhook.added": {
      const { webhook: id, url, topics, secret, after } = event
      return { ...state, webhooks: state.webhooks.set(id, { id, url, topics, secret, after, addedAt: at, status: { name: "active" } }) }
    }
    case "webhook.tested":
      return state
    case "webhook.disabled":
      return withStatus(state, event.webhook, { name: "disabled", reason: event.reason, at })
    case "webhook.enabled":
      return withStatus(state, event.webhook, { name: "active" })
    case "webhook.removed":
      return { ...state, webhooks: state.webhooks.delete(event.webhook) }
  }
}

function withStatus(state: State, id: WebhookId, status: Webhook["status"]): State {
  const webhook = state.webhooks.get(id)
  return webhook === undefined ? state : { ...state, webhooks: state.webhooks.set(id, { ...webhook, status }) }
}
