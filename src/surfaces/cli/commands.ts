/**
 * Every command: its name, arguments, options and example, and where its code is. This table is all that is loaded for `--help`,
 * `--version` and completions; the code of a command is loaded when it runs.
 */
import { compareCommand, continueCommand, pickCommand, quickCommand, runCommand, speculateCommand } from "./specs/campaign.ts"
import { claimCommand } from "./specs/claim.ts"
import { discoverCommand, discoveriesCommand } from "./specs/discover.ts"
import { hubCommand } from "./specs/hub.ts"
import { mapCommand } from "./specs/map.ts"
import { planCommand } from "./specs/plan.ts"
import { planningCommand } from "./specs/planning.ts"
import { sessionCommand } from "./specs/session.ts"
import { skillsCommand } from "./specs/skills.ts"
import { webhookCommand } from "./specs/webhook.ts"
import { slots, progress, stat, note, type CommandSpec } from "./specs/spec.ts"

export type { CommandSpec, OptionSpec } from "./specs/spec.ts"

export const commands: readonly CommandSpec[] = [
  runCommand,
  quickCommand,
  speculateCommand,
  compareCommand,
  pickCommand,
  {
    name: "demo",
    summary: "build a small project with scripted agents, in a temporary place, and show what a run can meet",
    options: [
      { flags: "--headless", description: "ask nobody: a rule of the policy answers, and lines are printed" },
      { flags: "--keep", description: "leave the repository there and say where" },
    ],
    examples: ["fleet demo", "fleet demo --headless --keep"],
    load: async () => (await import("./commands/demo.ts")).demo,
  },
  planCommand,
  mapCommand,
  {
    name: "status",
    args: [["[run]", "run id, unique prefix, or @last"]],
    summary: "what is true now: the hub, the runs, what waits for you",
    examples: ["fleet status", "fleet status @last"],
    load: async () => (await import("./commands/status.ts")).status,
  },
  {
    name: "watch",
    args: [["[run]", "run id, unique prefix, or @last (the default)"]],
    summary: "follow a run live",
    options: [progress],
    examples: ["fleet watch @last"],
    load: async () => (await import("./commands/watch.ts")).watch,
  },
  {
    name: "logs",
    args: [["<task>", "task (`run/key` or its key in the newest run), or session"]],
    summary: "what an agent was told, said and did",
    options: [{ flags: "-f, --follow", description: "go on until the session has ended" }],
    examples: ["fleet logs api -f"],
    load: async () => (await import("./commands/logs.ts")).logs,
  },
  {
    name: "diff",
    args: [["<task>", "task (`run/key` or its key in the newest run), or session"]],
    summary: "what a task or a session has changed",
    options: [stat],
    examples: ["fleet diff api --stat"],
    load: async () => (await import("./commands/diff.ts")).diff,
  },
  {
    name: "tell",
    args: [
      ["<task>", "task: `run/key`, or its key in the newest run"],
      ["<text>", "what its agent should hear; - reads it from stdin"],
    ],
    summary: "tell an agent something while it works, where it can hear that (codex, Claude Code)",
    examples: ['fleet tell api "keep the old endpoint too"', "fleet tell api - < notes.txt"],
    load: async () => (await import("./commands/tell.ts")).tell,
  },
  {
    name: "stop",
    args: [["<task>", "run, task or session; a run's id stops all of it"]],
    summary: "stop a run or a task, with everything that its agents started, or the turn of a session",
    examples: ["fleet stop @last", "fleet stop add-sso-7k2f/api"],
    load: async () => (await import("./commands/stop.ts")).stop,
  },
  {
    name: "retry",
    args: [["<task>", "task: `run/key`, or its key in the newest run"]],
    summary: "try a failed task once more, as a new attempt",
    examples: ["fleet retry api"],
    load: async () => (await import("./commands/retry.ts")).retry,
  },
  continueCommand,
  sessionCommand,
  claimCommand,
  discoverCommand,
  discoveriesCommand,
  {
    name: "inbox",
    summary: "what waits for a person and what waits behind it, and callbacks that nobody has heard yet",
    examples: ["fleet inbox"],
    load: async () => (await import("./commands/inbox.ts")).inbox,
  },
  {
    name: "approve",
    args: [["<approval>", "id of the question, or a unique prefix (see `fleet inbox`)"]],
    summary: "answer a question with yes",
    options: [note],
    examples: ["fleet approve ap-3f"],
    load: async () => (await import("./commands/answer.ts")).approve,
  },
  {
    name: "deny",
    args: [["<approval>", "id of the question, or a unique prefix (see `fleet inbox`)"]],
    summary: "answer a question with no",
    options: [note],
    examples: ['fleet deny ap-3f --note "use git clean instead"'],
    load: async () => (await import("./commands/answer.ts")).deny,
  },
  {
    name: "agents",
    summary: "which agents are known: found, version, logged in, can start",
    examples: ["fleet agents"],
    load: async () => (await import("./commands/agents.ts")).agents,
  },
  planningCommand,
  skillsCommand,
  webhookCommand,
  {
    name: "doctor",
    summary: "check that everything is in order, with the command that mends what is not",
    options: [{ flags: "--fix", description: "mend what can be mended safely" }],
    examples: ["fleet doctor --fix"],
    load: async () => (await import("./commands/doctor.ts")).doctor,
  },
  {
    name: "mcp",
    summary: "serve Fleet's tools to an agent over stdin and stdout (MCP); an agent's configuration starts it",
    examples: ["fleet mcp", "claude mcp add fleet -- fleet mcp"],
    json: false,
    load: async () => (await import("./commands/mcp.ts")).mcp,
  },
  hubCommand,
  {
    name: "worker",
    summary: "the process that holds workspaces and agents",
    examples: ["fleet worker start"],
    commands: [
      {
        name: "start",
        summary: "run a worker in the foreground; it connects to the hub and ends with Ctrl-C",
        options: [slots, { flags: "--name <name>", description: "its name; one of each may run (default: local, which the hub starts by itself)" }],
        examples: ["fleet worker start --name second --slots 4"],
        load: async () => (await import("./commands/worker.ts")).workerStart,
      },
    ],
  },
  {
    name: "completion",
    args: [["<shell>", "bash, zsh or fish"]],
    summary: "print a completion script for a shell",
    examples: ['eval "$(fleet completion bash)"', "fleet completion fish > ~/.config/fish/completions/fleet.fish"],
    load: async () => (await import("./commands/completion.ts")).completion,
  },
  {
    name: "help",
    args: [["[topic...]", "a command, or one of: exit-codes, environment, names, output"]],
    summary: "help on a command or a topic",
    examples: ["fleet help exit-codes"],
    load: async () => (await import("./commands/help.ts")).help,
  },
  {
    name: "__complete",
    args: [["<kind>", "run, task or approval"]],
    summary: "names that exist now, for the completion scripts",
    examples: ["fleet __complete task"],
    hidden: true,
    json: false,
    load: async () => (await import("./commands/complete.ts")).complete,
  },
]
