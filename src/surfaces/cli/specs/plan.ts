/** `fleet plan`: looking at plans. */
import { slots, type CommandSpec } from "./spec.ts"

export const planCommand: CommandSpec = {
  name: "plan",
  summary: "look at a plan without running it",
  examples: ["fleet plan explain plan.yaml"],
  commands: [
    {
      name: "check",
      args: [["<plan...>", "a plan file, or tasks as sentences"]],
      summary: "say what is wrong with a plan, with line numbers and the fix",
      examples: ["fleet plan check tasks.md"],
      load: async () => (await import("../commands/plan-check.ts")).planCheck,
    },
    {
      name: "explain",
      args: [["<plan...>", "a plan file, or tasks as sentences"]],
      summary: "print every edge, wait and serialisation with its reason",
      options: [slots],
      examples: ["fleet plan explain plan.yaml --slots 4"],
      load: async () => (await import("../commands/plan-explain.ts")).planExplain,
    },
    {
      name: "assess",
      args: [["<plan...>", "a plan file, or tasks as sentences"]],
      summary: "say which tasks may run side by side, by what they are likely to touch",
      options: [slots],
      examples: ["fleet plan assess plan.yaml"],
      load: async () => (await import("../commands/plan-assess.ts")).planAssess,
    },
  ],
}
