/** `fleet map`: what stands where in a repository. */
import { directory, type CommandSpec } from "./spec.ts"

export const mapCommand: CommandSpec = {
  name: "map",
  summary: "show what stands where in a repository, or the files that some keywords are about",
  options: [
    { flags: "--query <keywords>", description: "the files that these are about, as an agent is told of them" },
    { flags: "--max-files <n>", description: "how many of them (default: 15)", kind: "count" },
    { flags: "--write", description: "keep the index in the checkout, as .planning/map/index.json (where .planning is there, it always is)" },
    directory,
  ],
  examples: ["fleet map", 'fleet map --query "claim overlap" --max-files 5'],
  load: async () => (await import("../commands/map.ts")).map,
}
