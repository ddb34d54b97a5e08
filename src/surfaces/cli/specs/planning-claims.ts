/** The commands of `fleet planning` about claims: who works where, in the files of `.planning/coordination/`. No hub is needed. */
import type { CommandSpec, OptionSpec } from "./spec.ts"

const id: OptionSpec = { flags: "--id <instance>", description: "the instance; `fleet planning generate-id` makes one" }
const scope: OptionSpec = { flags: "--scope <paths>", description: "paths or patterns with commas between; `docs (read-only)` keeps nobody out" }

export const claimCommands: readonly CommandSpec[] = [
  {
    name: "generate-id",
    summary: "print a new instance id",
    examples: ["fleet planning generate-id"],
    load: async () => (await import("../commands/planning/claims-instances.ts")).generateId,
  },
  {
    name: "register",
    summary: "say that an instance is there",
    options: [
      id,
      { flags: "--pid <pid>", description: "a process that lives as long as the instance (default: none is known, so heartbeats count)" },
      { flags: "--campaign <slug>", description: "the campaign that it works for" },
    ],
    examples: ["fleet planning register --id agent-3f9a01bc"],
    load: async () => (await import("../commands/planning/claims-instances.ts")).register,
  },
  {
    name: "unregister",
    summary: "say that an instance is gone; its claim goes too",
    options: [id],
    examples: ["fleet planning unregister --id agent-3f9a01bc"],
    load: async () => (await import("../commands/planning/claims-instances.ts")).unregisterInstance,
  },
  {
    name: "heartbeat",
    summary: "say that an instance is still there",
    options: [id],
    examples: ["fleet planning heartbeat --id agent-3f9a01bc"],
    load: async () => (await import("../commands/planning/claims-instances.ts")).beat,
  },
  {
    name: "claim",
    summary: "claim paths for an instance; exit code 1 when somebody else has some of them",
    options: [id, scope, { flags: "--type <type>", description: "what kind of work it is" }, { flags: "--desc <text>", description: "what it is for" }],
    examples: ['fleet planning claim --id agent-3f9a01bc --scope src/api,src/ui --type build --desc "add login"'],
    load: async () => (await import("../commands/planning/claims.ts")).claim,
  },
  {
    name: "release",
    summary: "give an instance's claim back",
    options: [id],
    examples: ["fleet planning release --id agent-3f9a01bc"],
    load: async () => (await import("../commands/planning/claims.ts")).release,
  },
  {
    name: "check-overlap",
    summary: "whether somebody has claimed some of these paths; exit code 1 when so",
    options: [scope],
    examples: ["fleet planning check-overlap --scope src/api"],
    load: async () => (await import("../commands/planning/claims.ts")).checkOverlap,
  },
  {
    name: "sweep",
    summary: "free what instances that are gone have left, judged by process, worktree, heartbeat and what they said at the end",
    examples: ["fleet planning sweep"],
    load: async () => (await import("../commands/planning/claims-sweep.ts")).sweepClaims,
  },
  {
    name: "coordination",
    summary: "which instances are there, and what they have claimed",
    examples: ["fleet planning coordination"],
    load: async () => (await import("../commands/planning/claims-sweep.ts")).coordination,
  },
]
