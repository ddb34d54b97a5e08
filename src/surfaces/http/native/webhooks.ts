/** Handlers about webhooks. What is delivered to them, and how, is `engine/webhooks`. */
import { randomBytes } from "node:crypto"
import { fault, FaultError } from "../../../domain/fault.ts"
import { id } from "../../../domain/ids.ts"
import type { Webhook, WebhookId } from "../../../domain/webhook/webhook.ts"
import type { WebhookView } from "../../../protocol/api/schemas/webhook.ts"
import type { Handlers, NativeParts } from "./handler.ts"
import { pageOf, shown } from "./page.ts"

type Ids = "listWebhooks" | "addWebhook" | "testWebhook" | "enableWebhook" | "removeWebhook"

const secretBytes = 32

export function webhookHandlers({ hub }: NativeParts): Handlers<Ids> {
  const view = (webhook: WebhookId): WebhookView => {
    const found = hub.state.webhooks.get(webhook)
    if (found === undefined) throw new FaultError(fault("unknown-webhook", `there is no webhook ${webhook}`, "it was removed meanwhile", "fleet webhook list"))
    return viewWebhook(found)
  }
  return {
    listWebhooks: ({ query }) =>
      shown(pageOf(hub.state.webhooks.values(), query, { number: ({ addedAt }) => addedAt, id: (webhook) => webhook.id, first: "lowest" }), viewWebhook),
    addWebhook: async ({ body }) => {
      const webhook: WebhookId = id(`wh_${randomBytes(12).toString("base64url")}`)
      const secret = body.secret ?? `whsec_${randomBytes(secretBytes).toString("base64")}`
      await hub.send({ type: "webhook.add", webhook, url: body.url, topics: body.topics, secret, after: hub.version })
      return { webhook: view(webhook), secret }
    },
    testWebhook: async ({ params }) => {
      await hub.send({ type: "webhook.test", webhook: id(params.webhook) })
      return view(id(params.webhook))
    },
    enableWebhook: async ({ params }) => {
      await hub.send({ type: "webhook.enable", webhook: id(params.webhook) })
      return view(id(params.webhook))
    },
    removeWebhook: async ({ params }) => {
      await hub.send({ type: "webhook.remove", webhook: id(params.webhook) })
      return null
    },
  }
}

function viewWebhook({ id: webhook, url, topics, after, addedAt, status }: Webhook): WebhookView {
  return { id: webhook, url, topics: [...topics], after, addedAt, status: status.name, reason: status.name === "disabled" ? status.reason : null }
}
