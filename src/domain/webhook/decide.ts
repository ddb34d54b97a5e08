/** Adding, trying, giving up and removing webhooks. */
import { fault, type Fault } from "../fault.ts"
import type { Draft } from "../project/draft.ts"
import { readAddress } from "./address.ts"
import type { Webhook, WebhookCommand, WebhookId } from "./webhook.ts"

const webhooksMax = 50
const secretBytes = /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/

export function decideWebhook(draft: Draft, command: WebhookCommand): Fault | null {
  switch (command.type) {
    case "webhook.add":
      return add(draft, command)
    case "webhook.test":
      return test(draft, command.webhook)
    case "webhook.enable":
      return onKnown(draft, command.webhook, (known) => {
        if (known.status.name === "disabled") draft.emit({ type: "webhook.enabled", webhook: known.id })
      })
    case "webhook.disable":
      return onKnown(draft, command.webhook, (known) => {
        if (known.status.name === "active") draft.emit({ type: "webhook.disabled", webhook: known.id, reason: command.reason })
      })
    case "webhook.remove":
      return onKnown(draft, command.webhook, (known) => draft.emit({ type: "webhook.removed", webhook: known.id }))
  }
}

function add(draft: Draft, command: WebhookCommand & { type: "webhook.add" }): Fault | null {
  const { webhook, topics, secret, after } = command
  const url = readAddress(command.url)
  if (typeof url !== "string") return url
  if (draft.state.webhooks.has(webhook))
    return fault("webhook-exists", `there is a webhook ${webhook} already`, "ids are used once", "let the hub choose the id")
  if (draft.state.webhooks.size >= webhooksMax)
    return fault("too-many-webhooks", "there are too many webhooks", `there are ${webhooksMax}, the most there may be`, "remove one that is not needed")
  if (!secretBytes.test(secret))
    return fault("bad-webhook-secret", "the secret cannot be used", "it is not whsec_ and 24 to 64 bytes in base64", "leave it out: the hub makes one")
  draft.emit({ type: "webhook.added", webhook, url, topics: [...new Set(topics)], secret, after })
  return null
}

function test(draft: Draft, id: WebhookId): Fault | null {
  const known = draft.state.webhooks.get(id)
  if (known?.status.name === "disabled")
    return fault("webhook-disabled", `${id} is disabled`, known.status.reason, "enable it first: it is then told what it missed")
  return onKnown(draft, id, () => draft.emit({ type: "webhook.tested", webhook: id }))
}

function onKnown(draft: Draft, id: WebhookId, act: (known: Webhook) => void): Fault | null {
  const known = draft.state.webhooks.get(id)
  if (known === undefined) return fault("unknown-webhook", `there is no webhook ${id}`, "it was never added, or was removed", "fleet webhook list")
  act(known)
  return null
}
