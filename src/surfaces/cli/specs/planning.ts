/** `fleet planning`: the memory of a project in its `.planning` directory, as Citadel's own scripts keep it. None of it needs a hub. */
import { claimCommands } from "./planning-claims.ts"
import type { CommandSpec, OptionSpec } from "./spec.ts"

const session: OptionSpec = { flags: "--session <slug>", description: "the session that it belongs to" }
const agentName: OptionSpec = { flags: "--agent <name>", description: "the agent's name or instance id" }
const waveOption: OptionSpec = { flags: "--wave <n>", description: "the number of the wave" }
const list = (flags: string, description: string): OptionSpec => ({ flags: `${flags} <json>`, description: `${description}, as a JSON array` })

export const planningCommand: CommandSpec = {
  name: "planning",
  summary: "a project's memory in .planning: telemetry, discoveries, momentum, briefs, claims",
  examples: ["fleet planning context"],
  commands: [
    {
      name: "telemetry",
      summary: "add a line to .planning/telemetry/agent-runs.jsonl",
      options: [
        {
          flags: "--event <type>",
          description: "agent-start, agent-complete, agent-fail, agent-timeout, campaign-start, campaign-complete, wave-start or wave-complete",
        },
        agentName,
        session,
        { flags: "--status <word>", description: "success, partial or failed" },
        { flags: "--duration <ms>", description: "how long it took" },
        { flags: "--meta <json>", description: "a JSON object with more" },
        { flags: "--run-id <id>", description: "default: the session" },
        { flags: "--agent-id <id>", description: "default: agent_ and the agent's name" },
        { flags: "--task-id <id>", description: "the task" },
        { flags: "--parent-id <id>", description: "what this is a part of" },
        { flags: "--source-event-id <id>", description: "the event that led to this one" },
      ],
      examples: ["fleet planning telemetry --event agent-complete --agent api --session auth --status success"],
      json: false,
      load: async () => (await import("../commands/planning/telemetry.ts")).planningTelemetry,
    },
    {
      name: "discovery",
      summary: "keep what an agent found, for sessions to come, in .planning/discoveries",
      options: [
        session,
        agentName,
        waveOption,
        { flags: "--status <word>", description: "success, partial or failed" },
        { flags: "--scope <directories>", description: "where it worked, separated by commas" },
        list("--handoff", "the items of its handoff"),
        list("--decisions", "what it decided"),
        list("--files", "the files that it touched"),
        list("--failures", "what failed"),
      ],
      examples: [`fleet planning discovery --session auth --agent api --wave 1 --scope "src/api" --handoff '["Built the login"]'`],
      json: false,
      load: async () => (await import("../commands/planning/discovery.ts")).planningDiscovery,
    },
    {
      name: "momentum",
      summary: "make .planning/momentum.json of all discoveries",
      options: [{ flags: "--print", description: "print the context block too" }],
      examples: ["fleet planning momentum"],
      json: false,
      load: async () => (await import("../commands/planning/momentum.ts")).planningMomentum,
    },
    {
      name: "context",
      summary: "print what an agent should know of earlier sessions; nothing when there were none",
      examples: ["fleet planning context"],
      json: false,
      load: async () => (await import("../commands/planning/momentum.ts")).planningContext,
    },
    {
      name: "watch",
      summary: "keep momentum.json new while sessions write discoveries; one watcher for a project",
      options: [{ flags: "--foreground", description: "watch here, until Ctrl-C or two hours without a discovery" }],
      examples: ["fleet planning watch"],
      json: false,
      load: async () => (await import("../commands/planning/watch.ts")).planningWatch,
    },
    {
      name: "brief",
      summary: "compress an agent's output, from stdin or a file, into a brief for the next wave",
      options: [
        { flags: "--input <file>", description: "the output (default: stdin)" },
        { flags: "--output <file>", description: "write it there and not to stdout" },
        agentName,
        { flags: "--status <word>", description: "how the agent ended (default: what it says itself)" },
        { flags: "--session <slug>", description: "with --wave and --agent: write it to .planning/fleet/briefs" },
        waveOption,
      ],
      examples: ["fleet planning brief --agent api --status success < output.md"],
      json: false,
      load: async () => (await import("../commands/planning/brief.ts")).planningBrief,
    },
    {
      name: "handoff",
      args: [["[file]", "the output (default: stdin)"]],
      summary: "print the HANDOFF block of an agent's output as JSON",
      options: [{ flags: "--input <file>", description: "the same as the argument" }],
      examples: ["fleet planning handoff < output.md"],
      json: false,
      load: async () => (await import("../commands/planning/handoff.ts")).planningHandoff,
    },
    {
      name: "timeout",
      args: [
        ["<seconds>", "how long it may take"],
        ["<command...>", "the program and its arguments"],
      ],
      summary: "run a command with a time limit, and end all that it started; exit code 124 when it was over time, else that of the command",
      examples: ["fleet planning timeout 300 -- npm test"],
      json: false,
      passThrough: true,
      load: async () => (await import("../commands/planning/timeout.ts")).planningTimeout,
    },
    {
      name: "propagate",
      summary: "leave a dated entry of a finished campaign in the related files of .planning/knowledge",
      options: [{ flags: "--campaign <slug>", description: "the campaign" }],
      examples: ["fleet planning propagate --campaign auth-refactor"],
      load: async () => (await import("../commands/planning/propagate.ts")).planningPropagate,
    },
    {
      name: "scripts",
      summary: "put small scripts where Citadel's instructions look for them; each calls fleet; never over a file of somebody else",
      options: [
        { flags: "--npm", description: "also put `npm run propagate` into package.json" },
        { flags: "--remove", description: "take them away again" },
      ],
      examples: ["fleet planning scripts"],
      load: async () => (await import("../commands/planning/scripts.ts")).planningScripts,
    },
    ...claimCommands,
  ],
}
