/** The commands of campaigns: a direction that is split, tasks at once, several ways to the same end. */
import { agent, directory, progress, slots, type CommandSpec, type OptionSpec } from "./spec.ts"

const target: OptionSpec = { flags: "--target <branch>", description: "branch that the work lands on (default: the one checked out)" }
const detach: OptionSpec = { flags: "-d, --detach", description: "print the run's id and do not follow it" }
const dryRun: OptionSpec = { flags: "-n, --dry-run", description: "show what would be run, or asked of the planner, and start nothing" }
const waves: OptionSpec = {
  flags: "--waves <n>",
  description: "begin at most n tasks together, and the next when all of these are over (default: 3 in a campaign, no waves with a plan)",
  kind: "count",
}
const continuous: OptionSpec = { flags: "--continuous", description: "no waves: each task starts when its own needs are met" }
const confirmMerges: OptionSpec = { flags: "--confirm-merges", description: "ask before each wave is merged" }
const agreed: OptionSpec = { flags: "-y, --yes", description: "agree beforehand to all but what is hard to take back; without a terminal nobody is asked" }

export const runCommand: CommandSpec = {
  name: "run",
  args: [
    [
      "[plan...]",
      'a plan file; tasks as sentences: "Do this (id: a)" "Do that (depends_on: a)"; one sentence without marks, which is a direction of which an agent makes the plan; a specification (.md or .txt without tasks), likewise; a session file, to go on with it; or nothing: look what is unhealthy here, and mend it',
    ],
  ],
  summary: "run a plan, or make one of a direction, a specification or the repository's health, and run that",
  options: [
    { flags: "--direction [text]", description: "the words are a direction: an agent makes the plan. With a specification: what is wanted of it" },
    { flags: "--task", description: "the one sentence is the task itself" },
    agent,
    slots,
    waves,
    continuous,
    confirmMerges,
    target,
    agreed,
    detach,
    dryRun,
    progress,
    directory,
  ],
  examples: [
    "fleet run plan.yaml",
    'fleet run "Let people sign in with their company account"',
    "fleet run docs/sso.md",
    'fleet run "Add a --json flag (id: flag)" "Document it (depends_on: flag)" --agent claude',
    "fleet run",
  ],
  load: async () => (await import("../commands/run.ts")).run,
}

export const continueCommand: CommandSpec = {
  name: "continue",
  args: [["[run]", "run id, unique prefix or @last; a session file, or the name in it (default: the newest run or campaign of this repository)"]],
  summary: "pick up a run that was stopped, or a campaign from its session file alone",
  options: [agent, slots, waves, continuous, confirmMerges, target, agreed, { flags: "-d, --detach", description: "do not follow it" }, progress, directory],
  examples: ["fleet continue", "fleet continue @last", "fleet continue .planning/fleet/session-auth.md"],
  load: async () => (await import("../commands/continue.ts")).continueRun,
}

export const quickCommand: CommandSpec = {
  name: "quick",
  args: [["<tasks...>", "two or more tasks with ; between them"]],
  summary: "run independent tasks at once: one wave, no session file unless --record asks for one, merged when nothing conflicts",
  options: [
    { flags: "--consent <answer>", description: "answers beforehand whether to run them in parallel: 1 = yes, 2 = always, 3 = no, one after the other" },
    { flags: "--record", description: "also keep a session file and what goes with it under .planning/" },
    agent,
    slots,
    target,
    detach,
    dryRun,
    progress,
    directory,
  ],
  examples: ['fleet quick "fix the login form; update the README"', 'fleet quick "fix src/a.ts; fix src/b.ts" --consent 1'],
  load: async () => (await import("../commands/quick.ts")).quick,
}

export const speculateCommand: CommandSpec = {
  name: "speculate",
  args: [["<words...>", "how many strategies (2 to 8; may be left out when they are given), and the direction"]],
  summary: "try several ways to the same end at once, compare them, and pick the one that lands",
  options: [
    { flags: "--strategy <text>", description: '"label: the way it takes"; may be given several times, then no agent has to find them', kind: "list" },
    { flags: "--scope <path>", description: "with --strategy: where all of them write; may be given several times (default: anywhere)", kind: "list" },
    { flags: "--check <command>", description: "must pass for every strategy; may be given several times", kind: "list" },
    { flags: "--by <command>", description: "prints a number for each strategy; the smallest is best" },
    { flags: "--pick <which>", description: "best: pick by the checks and what was measured, without asking", choices: ["best"] },
    agent,
    slots,
    target,
    agreed,
    detach,
    dryRun,
    progress,
    directory,
  ],
  examples: [
    'fleet speculate 3 "refactor the auth middleware"',
    'fleet speculate "make the parser faster" --strategy "table: a lookup table" --strategy "recursive: recursive descent" --by "node bench.js"',
  ],
  load: async () => (await import("../commands/speculate.ts")).speculate,
}

export const compareCommand: CommandSpec = {
  name: "compare",
  args: [["[run]", "run id, unique prefix, or @last (default: the newest speculative run of this repository)"]],
  summary: "the strategies of a speculative run side by side",
  examples: ["fleet compare", "fleet compare --json"],
  load: async () => (await import("../commands/compare.ts")).compare,
}

export const pickCommand: CommandSpec = {
  name: "pick",
  args: [["[strategy]", "its label, as `fleet compare` shows it"]],
  summary: "pick the strategy that lands; the others are kept on their branches, with a tag",
  options: [
    { flags: "--run <run>", description: "run id, unique prefix, or @last (default: the newest speculative run of this repository)" },
    { flags: "--none", description: "none of them lands" },
    detach,
    progress,
  ],
  examples: ["fleet pick class-based", "fleet pick --none"],
  load: async () => (await import("../commands/compare.ts")).pick,
}
