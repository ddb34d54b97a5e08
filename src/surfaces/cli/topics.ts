/** Help that belongs to no single command: `fleet help <topic>`. */
import { exitCodeMeanings } from "./exit-codes.ts"

export interface Topic {
  readonly name: string
  readonly summary: string
  readonly text: string
}

export const topics: readonly Topic[] = [
  {
    name: "exit-codes",
    summary: "what the exit code means",
    text: exitCodeMeanings.map(([code, meaning]) => `${String(code).padStart(5)}  ${meaning}`).join("\n"),
  },
  {
    name: "environment",
    summary: "environment variables",
    text: `  FLEET_HOME          where Fleet keeps its state (default: $XDG_STATE_HOME/fleet, else ~/.local/state/fleet)
  FLEET_CONFIG        configuration file (default: $XDG_CONFIG_HOME/fleet/config.yaml, else ~/.config/fleet/config.yaml)
  FLEET_DEBUG         print the stack of an error too
  NO_COLOR            no colours
  FORCE_COLOR         colours though the output is no terminal; 0 means none
  CLAUDE_PROJECT_DIR  the project that \`fleet planning\` works on (default: where it is called)

  Read by the hub and the worker when they start (\`fleet hub stop\`; the next run starts them anew):
  FLEET_PORT          port of 127.0.0.1 for the APIs (default: 3000 or the next free one); 0 means any
  FLEET_SLOTS         how many agents may work at once, before what the configuration says
  FLEET_WORKER_ALONE_MINUTES
                      how long a worker goes on without a hub
  FLEET_NAME, FLEET_DESCRIPTION
                      how this fleet calls itself in the Fleet API
  WEAVE_WORKSPACE_ROOT, ORCHESTRATOR_WORKSPACE_ROOTS
                      where the Fleet API makes clones, and directories that its sessions may work below, with : between

  What an agent finds, beside FLEET_HOME and FLEET_PORT:
  FLEET_RUN, FLEET_TASK, FLEET_ATTEMPT
                      its run, its task, and which attempt it is
  FLEET_SESSION, FLEET_WORKSPACE, FLEET_WORKER, FLEET_HOME_ID
                      marks by which what it started is found again
  FLEET_TOKEN         its own token for the API
  FLEET_PORT_BASE, FLEET_PORT_COUNT
                      ports of its own, where it has some`,
  },
  {
    name: "names",
    summary: "how runs, tasks and questions are named",
    text: `  A run       its id (add-sso-7k2f), a unique prefix of it (add), or @last, the newest run.
  A task      run/key (add-sso-7k2f/api), its key alone in the newest run (api), or its branch.
  A session   its id or a unique prefix of 4 or more characters (\`fleet session list\`), or the task: its newest session is meant.
  A campaign  the name in its session file (auth of .planning/fleet/session-auth.md), or the file.
  A strategy  its label, as \`fleet compare\` shows it.
  A question  its id from \`fleet inbox\`, or a unique prefix of it.`,
  },
  {
    name: "output",
    summary: "what is printed where, and the JSON",
    text: `  Results go to stdout, progress and errors to stderr. Colours only on a terminal.
  With --json every line of stdout is one JSON object with schema_version; lists are {schema_version, items}.
  An error is then one JSON object on stderr: {schema_version, code, what, why, fix}. The exit code is the same.
  --progress auto|tty|plain|json|quiet says how a run is shown that is followed; --json means json.
  fleet run and watch print one object per change (type: run, planned, wave, task, approval, event, notice) and at last one of
  type end, with the handoff of a campaign. What asks a person goes to stderr, and only when stdin and stderr are a terminal.`,
  },
]
