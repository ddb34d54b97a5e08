/** `fleet webhook`: addresses that are told what happens. */
import { topics } from "../../../domain/webhook/topic.ts"
import { type CommandSpec } from "./spec.ts"

const webhook = ["<webhook>", "its id (see `fleet webhook list`)"] as const

export const webhookCommand: CommandSpec = {
  name: "webhook",
  summary: "tell programs elsewhere what happens: signed (Standard Webhooks), in order, tried for a day",
  examples: ["fleet webhook add https://example.com/fleet --topic run approval"],
  commands: [
    {
      name: "add",
      args: [["<url>", "https, or http on this machine"]],
      summary: "tell an address what happens; prints the secret of its signatures, once",
      options: [{ flags: "--topic <names...>", description: "only of these (default: everything)", choices: topics }],
      examples: ["fleet webhook add https://example.com/fleet", "fleet webhook add http://127.0.0.1:8080/fleet --topic run approval"],
      load: async () => (await import("../commands/webhook.ts")).webhookAdd,
    },
    {
      name: "list",
      summary: "which addresses are told what, and which were given up",
      examples: ["fleet webhook list"],
      load: async () => (await import("../commands/webhook.ts")).webhookList,
    },
    {
      name: "test",
      args: [webhook],
      summary: "send it the event fleet.webhook.tested, whatever its topics are",
      examples: ["fleet webhook test wh_u1zqXg3a9Kc0"],
      load: async () => (await import("../commands/webhook.ts")).webhookTest,
    },
    {
      name: "enable",
      args: [webhook],
      summary: "go on with one that was given up; it is told what it missed",
      examples: ["fleet webhook enable wh_u1zqXg3a9Kc0"],
      load: async () => (await import("../commands/webhook.ts")).webhookEnable,
    },
    {
      name: "remove",
      args: [webhook],
      summary: "tell it nothing any more; what it was not told is not sent",
      examples: ["fleet webhook remove wh_u1zqXg3a9Kc0"],
      load: async () => (await import("../commands/webhook.ts")).webhookRemove,
    },
  ],
}
