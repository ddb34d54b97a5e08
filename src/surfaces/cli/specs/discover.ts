/** `fleet discover` and `fleet discoveries`: what one agent found out that others should know. */
import { all, directory, type CommandSpec } from "./spec.ts"

export const discoverCommand: CommandSpec = {
  name: "discover",
  args: [["<text>", "what others should know; - reads it from stdin"]],
  summary: "report something that others who work here should know",
  options: [
    { flags: "--path <paths...>", description: "paths or patterns that it is about" },
    { flags: "--everywhere", description: "it holds in every repository, not only in this one" },
    directory,
  ],
  examples: ['fleet discover "the API allows 100 requests a minute" --path src/api', "fleet discover - < notes.txt"],
  load: async () => (await import("../commands/discover.ts")).discover,
}

export const discoveriesCommand: CommandSpec = {
  name: "discoveries",
  summary: "what was found out in this repository that others should know, and what holds everywhere, newest first",
  options: [directory, all],
  examples: ["fleet discoveries", "fleet discoveries --all"],
  load: async () => (await import("../commands/discover.ts")).discoveries,
}
