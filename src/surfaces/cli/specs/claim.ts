/** `fleet claim`: paths that nobody else may write for a while, held by the hub. The same as files is `fleet planning claim`. */
import { all, directory, type CommandSpec } from "./spec.ts"

const minutes = { flags: "--minutes <n>", description: "how long, from now (1 to 1000; default: 30)", kind: "count" } as const
const claim = ["<claim>", "its id (see `fleet claim list`)"] as const

export const claimCommand: CommandSpec = {
  name: "claim",
  summary: "hold paths for a while, so that no task and no session writes there",
  examples: ['fleet claim take src/api --for "I am moving this by hand"', "fleet claim list"],
  commands: [
    {
      name: "take",
      args: [["<scope...>", "paths or patterns in the repository, as in a plan"]],
      summary: "claim paths; refused when somebody holds something that overlaps, with who it is",
      options: [
        { flags: "--for <purpose>", description: "what it is for, told to who is in the way" },
        minutes,
        { flags: "--session <session>", description: "session that it is for: it is given back when that ends" },
        directory,
      ],
      examples: ['fleet claim take src/api "docs (read-only)" --for "moving the routes" --minutes 60'],
      load: async () => (await import("../commands/claim.ts")).claimTake,
    },
    {
      name: "renew",
      args: [claim],
      summary: "hold a claim for longer",
      options: [minutes],
      examples: ["fleet claim renew c3 --minutes 120"],
      load: async () => (await import("../commands/claim.ts")).claimRenew,
    },
    {
      name: "release",
      args: [claim],
      summary: "give a claim back",
      examples: ["fleet claim release c3"],
      load: async () => (await import("../commands/claim.ts")).claimRelease,
    },
    {
      name: "list",
      summary: "which paths of this repository are held, by whom and for what; those of tasks too",
      options: [directory, all],
      examples: ["fleet claim list", "fleet claim list --all"],
      load: async () => (await import("../commands/claim.ts")).claimList,
    },
  ],
}
