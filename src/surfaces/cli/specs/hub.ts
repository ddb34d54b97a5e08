/** `fleet hub`: the process that holds the state. */
import { type CommandSpec } from "./spec.ts"

export const hubCommand: CommandSpec = {
  name: "hub",
  summary: "the process that holds the state and decides",
  examples: ["fleet hub status"],
  commands: [
    {
      name: "start",
      summary: "start the hub in the background, unless one runs",
      examples: ["fleet hub start"],
      load: async () => (await import("../commands/hub.ts")).hubStart,
    },
    {
      name: "stop",
      summary: "stop the hub; its local worker ends its agents in order",
      options: [{ flags: "--keep-worker", description: "leave the worker and its agents alone" }],
      examples: ["fleet hub stop"],
      load: async () => (await import("../commands/hub.ts")).hubStop,
    },
    {
      name: "status",
      summary: "where the hub is and how it does",
      examples: ["fleet hub status --json"],
      load: async () => (await import("../commands/hub.ts")).hubStatus,
    },
  ],
}
