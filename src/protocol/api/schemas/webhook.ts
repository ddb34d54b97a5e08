/** Addresses outside that are told what happens. */
import { z } from "zod"
import { topics } from "../../../domain/webhook/topic.ts"
import { count, instant, text } from "./fields.ts"

const topic = z.enum(topics)

export const webhookView = z
  .object({
    id: text,
    url: text,
    topics: z.array(topic).describe("none: everything"),
    after: count.describe("number of an event before it was added: it is told of those that came later"),
    addedAt: instant,
    status: z.enum(["active", "disabled"]),
    reason: text.nullable().describe("why it is disabled"),
  })
  .meta({ id: "Webhook" })
export type WebhookView = z.infer<typeof webhookView>

export const addWebhook = z
  .strictObject({
    url: z.string().min(1).max(2_048).describe("https, or http on this machine"),
    topics: z.array(topic).max(topics.length).default([]).describe("none: everything"),
    secret: z.string().max(200).nullable().default(null).describe("`whsec_` and 24 to 64 bytes in base64; null: the hub makes one"),
  })
  .meta({ id: "AddWebhook" })
export const addedWebhook = z
  .object({ webhook: webhookView, secret: text.describe("the key of its signatures; it is not shown again") })
  .meta({ id: "AddedWebhook" })
