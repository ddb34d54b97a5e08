/** `fleet skills`: teaching agents to lead. */
import { skillOptions, type CommandSpec } from "./spec.ts"

export const skillsCommand: CommandSpec = {
  name: "skills",
  summary: "teach agents to lead other agents on Fleet",
  examples: ["fleet skills install"],
  commands: [
    {
      name: "install",
      args: [["[skill]", "only this one"]],
      summary: "put Fleet's skills where the agents look; never over what somebody changed",
      options: skillOptions,
      examples: ["fleet skills install", "fleet skills install --agent claude codex --scope project"],
      load: async () => (await import("../commands/skills.ts")).skillsInstall,
    },
    {
      name: "remove",
      args: [["[skill]", "only this one"]],
      summary: "take away what was installed",
      options: skillOptions,
      examples: ["fleet skills remove --scope project"],
      load: async () => (await import("../commands/skills.ts")).skillsRemove,
    },
    {
      name: "list",
      summary: "which skills there are, and where they are installed",
      examples: ["fleet skills list"],
      load: async () => (await import("../commands/skills.ts")).skillsList,
    },
    {
      name: "show",
      args: [["<skill>", "its name"]],
      summary: "print a skill as an agent reads it",
      examples: ["fleet skills show fleet-orchestration"],
      load: async () => (await import("../commands/skills.ts")).skillsShow,
    },
  ],
}
