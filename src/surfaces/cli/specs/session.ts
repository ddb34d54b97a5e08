/** `fleet session`: conversations with agents. */
import { wait, model, stat, sessionArg, type CommandSpec } from "./spec.ts"

export const sessionCommand: CommandSpec = {
  name: "session",
  summary: "conversations with agents, without a plan; an agent can lead others in them",
  examples: ['fleet session new --prompt "look around" --wait'],
  commands: [
    {
      name: "new",
      args: [["[directory]", "where it works (default: here)"]],
      summary: "begin a conversation with an agent, in a worktree of its own",
      options: [
        { flags: "-p, --prompt <text>", description: "the first prompt; - reads it from stdin" },
        { flags: "--agent <name>", description: "the agent (default: that of the --notify session, else of the config, else the first found)" },
        model,
        { flags: "--title <text>", description: "what people and callbacks call it" },
        {
          flags: "--strategy <how>",
          description: "a worktree of its own, a clone, or the directory as it is",
          choices: ["worktree", "clone", "existing"],
          default: "worktree",
        },
        { flags: "--branch <name>", description: "branch to work on; made when it is not there" },
        { flags: "--base <ref>", description: "what a new branch starts from (default: what is checked out)" },
        { flags: "--notify <session>", description: "session that is told when a turn of it ends" },
        { flags: "--timeout <minutes>", description: "how long a turn may take", kind: "count" },
        wait,
      ],
      examples: ['fleet session new --prompt "find out why the build is slow" --wait', "fleet session new --strategy existing --agent opencode"],
      load: async () => (await import("../commands/session/new.ts")).sessionNew,
    },
    {
      name: "list",
      summary: "sessions that have not ended",
      options: [{ flags: "-a, --all", description: "ended ones too" }],
      examples: ["fleet session list"],
      load: async () => (await import("../commands/session/manage.ts")).sessionList,
    },
    {
      name: "show",
      args: [sessionArg],
      summary: "what it does, where, for whom, and what came of its last turn",
      examples: ["fleet session show 3b674a02"],
      load: async () => (await import("../commands/session/manage.ts")).sessionShow,
    },
    {
      name: "prompt",
      args: [sessionArg, ["<text>", "the prompt; - reads it from stdin"]],
      summary: "give it a further prompt; it waits until the agent is free",
      options: [model, { flags: "--mode <name>", description: "the agent's own mode for this turn, for example plan" }, wait],
      examples: ['fleet session prompt 3b674a02 "now write the test" --wait'],
      load: async () => (await import("../commands/session/new.ts")).sessionPrompt,
    },
    {
      name: "diff",
      args: [sessionArg],
      summary: "what it has changed, committed or not",
      options: [stat],
      examples: ["fleet session diff 3b674a02"],
      load: async () => (await import("../commands/session/manage.ts")).sessionDiff,
    },
    {
      name: "stop",
      args: [sessionArg],
      summary: "stop its turn; the session goes on",
      examples: ["fleet session stop 3b674a02"],
      load: async () => (await import("../commands/session/manage.ts")).sessionStop,
    },
    {
      name: "end",
      args: [sessionArg],
      summary: "end it, with everything that its agent started",
      options: [
        { flags: "--cleanup", description: "give its checkout back; what is on no branch is kept aside" },
        { flags: "--forget", description: "it cannot be resumed after this" },
      ],
      examples: ["fleet session end 3b674a02 --cleanup"],
      load: async () => (await import("../commands/session/manage.ts")).sessionEnd,
    },
    {
      name: "resume",
      args: [sessionArg],
      summary: "take up one that was ended, with its conversation",
      examples: ["fleet session resume 3b674a02"],
      load: async () => (await import("../commands/session/manage.ts")).sessionResume,
    },
  ],
}
