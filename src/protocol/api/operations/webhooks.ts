/** Operations about webhooks: Standard Webhooks, delivered in order and at least once. */
import { z } from "zod"
import { created, empty, json, none, operation } from "../operation.ts"
import { givenName, pageOf, paging } from "../schemas/fields.ts"
import { addedWebhook, addWebhook, webhookView } from "../schemas/webhook.ts"

const ofWebhook = z.strictObject({ webhook: givenName })
const persons = none("agents wait with `wait`; where a person's messages go is the person's")

export const webhookOperations = {
  listWebhooks: operation({
    method: "get",
    path: "/v1/webhooks",
    tag: "webhooks",
    summary: "Webhooks, oldest first",
    description: "Without their secrets.",
    query: z.strictObject(paging),
    answer: json(pageOf("Webhook", webhookView)),
    kind: "read",
    permission: "operate",
    cli: "webhook list",
    mcp: persons,
  }),
  addWebhook: operation({
    method: "post",
    path: "/v1/webhooks",
    tag: "webhooks",
    summary: "Tell an address what happens",
    description:
      "Signed by Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`), tried again when it fails, disabled when it fails for long.",
    body: addWebhook,
    answer: created(addedWebhook, () => "/v1/webhooks"),
    kind: "write",
    permission: "operate",
    cli: "webhook add",
    mcp: persons,
  }),
  testWebhook: operation({
    method: "post",
    path: "/v1/webhooks/{webhook}/test",
    tag: "webhooks",
    summary: "Send an event to a webhook, whatever its topics are",
    description: "It is the event `fleet.webhook.tested`.",
    params: ofWebhook,
    answer: json(webhookView),
    kind: "write",
    permission: "operate",
    cli: "webhook test",
    mcp: persons,
  }),
  enableWebhook: operation({
    method: "post",
    path: "/v1/webhooks/{webhook}/enable",
    tag: "webhooks",
    summary: "Go on with a webhook that was disabled",
    description: "It is told what it missed.",
    params: ofWebhook,
    answer: json(webhookView),
    kind: "write",
    permission: "operate",
    cli: "webhook enable",
    mcp: persons,
  }),
  removeWebhook: operation({
    method: "delete",
    path: "/v1/webhooks/{webhook}",
    tag: "webhooks",
    summary: "Tell an address nothing any more",
    description: "What it was not told is not sent.",
    params: ofWebhook,
    answer: empty,
    kind: "write",
    permission: "operate",
    cli: "webhook remove",
    mcp: persons,
  }),
}
