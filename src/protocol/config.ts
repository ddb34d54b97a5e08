/** The user's `config.yaml`, as a schema. Every key is optional, an unknown one is a fault. Reading the file is `adapters/files/config.ts`. */
import { z } from "zod"

const argv = z.array(z.string().min(1)).min(1)
const minutes = z
  .number()
  .positive()
  .max(7 * 24 * 60)
const count = z.number().int().min(1)

export const agentConfig = z.strictObject({
  /** Needed for an agent that the registry does not know. */
  driver: z.enum(["acp", "codex", "claude", "opencode", "command"]).optional(),
  /** Program and arguments; never a shell string. */
  argv: argv.optional(),
  /** Added to the agent's environment. */
  env: z.record(z.string(), z.string()).optional(),
  model: z.string().min(1).optional(),
  /** The agent's own mode, for example `plan`. */
  mode: z.string().min(1).optional(),
  /** Most sessions of this agent at once. */
  slots: count.max(1000).optional(),
  /** Several sessions in one process, where the agent can. */
  shared: z.boolean().optional(),
  /** ask: what it wants to do goes to the permission rules. allow: it is started so that it does not ask. */
  permissions: z.enum(["ask", "allow"]).optional(),
  /** driver `command` only: how to go on with a session. */
  resumeArgv: argv.optional(),
  /** driver `command` only: a regular expression; its first group is the session id. */
  sessionPattern: z.string().refine(isPattern, "is not a regular expression").optional(),
  /** driver `command` only: what exit codes mean. */
  errors: z
    .array(z.strictObject({ exitCode: z.number().int().min(1).max(255), class: z.enum(["auth", "rate-limit", "overload", "network", "refused", "bug"]) }))
    .optional(),
})

export const permissionRule = z.strictObject({
  kind: z.enum(["read", "edit", "run", "fetch", "other", "any"]).default("any"),
  /** A pattern with `*` for any text: against the command, the paths (relative to the workspace) or the title. */
  match: z.string().min(1).default("*"),
  action: z.enum(["allow", "ask", "deny"]),
})

export const config = z.strictObject({
  agents: z.record(z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, "a name is made of a-z, 0-9, dot, dash and underscore"), agentConfig).default({}),
  defaults: z
    .strictObject({
      agent: z.string().min(1).optional(),
      /** Agents at once on this machine. */
      slots: count.max(1000).optional(),
      /** Further attempts after the first. */
      retries: z.number().int().min(0).max(20).optional(),
      /** Minutes that an attempt may take, by the kind of its agent. */
      timeouts: z.strictObject({ skill: minutes.default(10), research: minutes.default(15), build: minutes.default(30) }).prefault({}),
      /** Minutes without event, processor time and file change after which a turn is ended. */
      stall: minutes.optional(),
      /** Shell command run once in each new workspace, for plans that name none. */
      setup: z.string().min(1).optional(),
      /** What agents work in: a git worktree (the default), or a clone, which shares no refs and no stash with the repository. */
      workspace: z.enum(["worktree", "clone"]).optional(),
      /** A diff outside of a task's scope: ask a person (the default), or allow it when nobody else holds those paths. */
      widening: z.enum(["ask", "allow"]).optional(),
    })
    .prefault({}),
  /** Directories that sessions may work below. None: whatever belongs to you. */
  roots: z.array(z.string().startsWith("/", "is not an absolute path")).max(100).default([]),
  sessions: z
    .strictObject({
      /** Minutes that a turn may take; null: as long as it likes. */
      timeout: minutes.nullable().default(120),
      /** Minutes of rest after which a session's agent is ended, until the next prompt; null: never. */
      idle: minutes.nullable().default(30),
      /** Absolute directory that clones of sessions are made in. */
      clones: z.string().startsWith("/", "is not an absolute path").optional(),
    })
    .prefault({}),
  /** The compatible Fleet API by TCP: open to every process of this machine (never to pages), by token only, or closed. */
  api: z.enum(["open", "token", "off"]).default("open"),
  /** Notices on this machine's desktop, when something needs you and when a run has finished. */
  notify: z.strictObject({ desktop: z.boolean().default(false) }).prefault({}),
  webhooks: z
    .strictObject({
      /** Webhooks may go to addresses of private networks, too. */
      privateAddresses: z.boolean().default(false),
    })
    .prefault({}),
  /** The first rule that matches decides; what none matches goes by the default policy. */
  permissions: z.array(permissionRule).max(1000).default([]),
})

export type Config = z.output<typeof config>
export type AgentConfig = z.output<typeof agentConfig>

export const emptyConfig: Config = config.parse({})

function isPattern(text: string): boolean {
  try {
    void new RegExp(text)
    return true
  } catch {
    return false
  }
}
