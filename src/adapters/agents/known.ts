/**
 * The agents that Fleet knows, as data: what each needs to start headless, where its login lies, how to install it. Only what was run
 * here (`ran`: the version, with an offline model server) or what the maker's own pages say (`documented`: the page) is listed.
 */
import type { DriverKind } from "./options.ts"

export interface KnownAgent {
  readonly name: string
  /** What a person calls it. */
  readonly title: string
  readonly driver: DriverKind
  readonly argv: readonly [string, ...string[]]
  readonly env: Readonly<Record<string, string>>
  /** Added when it is to ask before it acts. */
  readonly askEnv: Readonly<Record<string, string>>
  /** The agent's mode for either way of permissions; null leaves the one it starts in. */
  readonly modes: { readonly ask: string | null; readonly allow: string | null }
  /** Prints a version and exits. */
  readonly versionArgv: readonly [string, ...string[]]
  /** Signs that it is logged in: variables that hold a key, files below the home directory or where `movedBy` says. Null when there are none that we know. */
  readonly login: { readonly env: readonly string[]; readonly files: readonly string[] } | null
  readonly install: string
  readonly loginHint: string
  readonly proof: { readonly ran: string } | { readonly documented: string }
}

/** Variables that name another place for a directory below the home directory. */
export const movedBy: ReadonlyMap<string, string> = new Map([
  [".codex", "CODEX_HOME"],
  [".claude", "CLAUDE_CONFIG_DIR"],
  [".local/share", "XDG_DATA_HOME"],
])

/** The scripted agent's program lies where Fleet is installed, so it is handed in. */
export function knownAgents(scriptedArgv: readonly [string, ...string[]]): readonly KnownAgent[] {
  return [scripted(scriptedArgv), ...agents]
}

const scripted = (argv: readonly [string, ...string[]]): KnownAgent => ({
  ...acp("scripted", "the scripted agent", argv),
  versionArgv: [...argv, "--version"],
  login: { env: [], files: [] },
  install: "it ships with Fleet",
  loginHint: "it needs no login",
  proof: { ran: "1.0.0" },
})

/** Each of these keys makes its provider's models appear (looked at with 1.18.33); there are many more providers that it knows. */
const opencodeLogin: KnownAgent["login"] = {
  env: ["ANTHROPIC_API_KEY", "OPENAI_API_KEY", "OPENROUTER_API_KEY", "GEMINI_API_KEY", "GOOGLE_GENERATIVE_AI_API_KEY", "OPENCODE_API_KEY"],
  files: [".local/share/opencode/auth.json"],
}

/** Not by OPENCODE_CONFIG_CONTENT, which a person may need for a config of their own: theirs would then silently never ask. */
const opencodeAsks: KnownAgent["askEnv"] = { OPENCODE_PERMISSION: '{"edit":"ask","bash":"ask"}' }

const agents: readonly KnownAgent[] = [
  {
    ...acp("codex", "OpenAI Codex", ["codex", "app-server"]),
    driver: "codex",
    // Its app-server takes no key from the environment (`account/read` then says that nobody is logged in).
    login: { env: [], files: [".codex/auth.json"] },
    install: "npm install --global @openai/codex",
    loginHint: "codex login",
    proof: { ran: "0.169.0" },
  },
  {
    ...acp("claude", "Claude Code", ["claude"]),
    driver: "claude",
    env: { DISABLE_AUTOUPDATER: "1" },
    login: { env: ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"], files: [".claude/.credentials.json"] },
    install: "npm install --global @anthropic-ai/claude-code@latest",
    loginHint: "claude, then /login",
    proof: { ran: "2.1.329" },
  },
  {
    ...acp("opencode", "opencode", ["opencode", "serve"]),
    driver: "opencode",
    env: { OPENCODE_DISABLE_AUTOUPDATE: "1" },
    askEnv: opencodeAsks,
    login: opencodeLogin,
    install: "npm install --global opencode-ai",
    loginHint: "opencode auth login",
    proof: { ran: "1.18.33" },
  },
  {
    ...acp("opencode-acp", "opencode over ACP", ["opencode", "acp"]),
    env: { OPENCODE_DISABLE_AUTOUPDATE: "1" },
    askEnv: opencodeAsks,
    login: opencodeLogin,
    install: "npm install --global opencode-ai",
    loginHint: "opencode auth login",
    proof: { ran: "1.18.33" },
  },
  {
    ...acp("gemini", "Gemini CLI", ["gemini", "--acp"]),
    // Without the first it starts a second Node process; without the other it refuses a directory that nobody has trusted yet.
    env: { GEMINI_CLI_NO_RELAUNCH: "true", GEMINI_CLI_TRUST_WORKSPACE: "true" },
    modes: { ask: "default", allow: "yolo" },
    login: { env: ["GEMINI_API_KEY", "GOOGLE_API_KEY"], files: [".gemini/oauth_creds.json"] },
    install: "npm install --global @google/gemini-cli",
    loginHint: "gemini, then follow its login",
    proof: { ran: "0.61.0" },
  },
  {
    ...acp("copilot", "GitHub Copilot CLI", ["copilot", "--acp"]),
    env: { COPILOT_AUTO_UPDATE: "false" },
    login: null,
    install: "npm install --global @github/copilot",
    loginHint: "copilot, then /login",
    proof: { ran: "1.0.102" },
  },
  {
    ...acp("claude-acp", "Claude Code over ACP", ["claude-agent-acp"]),
    modes: { ask: "default", allow: "bypassPermissions" },
    login: { env: ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"], files: [".claude/.credentials.json"] },
    install: "npm install --global @agentclientprotocol/claude-agent-acp@latest",
    loginHint: "claude, then /login",
    proof: { ran: "0.100.0" },
  },
  {
    // Where it starts, mode "agent", is a sandbox in which a linked worktree cannot commit and nobody is asked. The driver "codex" has neither fault.
    ...acp("codex-acp", "OpenAI Codex over ACP", ["codex-acp"]),
    modes: { ask: null, allow: "agent-full-access" },
    login: { env: ["OPENAI_API_KEY", "CODEX_API_KEY"], files: [".codex/auth.json"] },
    install: "npm install --global @agentclientprotocol/codex-acp",
    loginHint: "codex login",
    proof: { ran: "2.6.0" },
  },
  {
    ...acp("qwen", "Qwen Code", ["qwen", "--acp"]),
    install: "npm install --global @qwen-code/qwen-code",
    loginHint: "qwen, then follow its login",
    proof: { documented: "https://github.com/agentclientprotocol/registry/blob/main/qwen-code/agent.json" },
  },
  {
    ...acp("goose", "goose", ["goose", "acp"]),
    install: "see https://block.github.io/goose/docs/getting-started/installation",
    loginHint: "goose configure",
    proof: { documented: "https://block.github.io/goose/docs/guides/acp-clients" },
  },
  {
    ...acp("kimi", "Kimi Code CLI", ["kimi", "acp"]),
    install: "uv tool install --python 3.13 kimi-cli",
    loginHint: "kimi login",
    proof: { documented: "https://moonshotai.github.io/kimi-cli/en/reference/kimi-acp.html" },
  },
  {
    ...acp("cline", "Cline", ["cline", "--acp"]),
    install: "npm install --global cline",
    loginHint: "cline, then follow its login",
    proof: { documented: "https://github.com/agentclientprotocol/registry/blob/main/cline/agent.json" },
  },
  {
    ...acp("auggie", "Auggie", ["auggie", "--acp"]),
    install: "npm install --global @augmentcode/auggie",
    loginHint: "auggie login",
    proof: { documented: "https://docs.augmentcode.com/cli/acp/agent" },
  },
  {
    ...acp("cursor", "Cursor CLI", ["cursor-agent", "acp"]),
    install: "see https://cursor.com/docs/cli/acp",
    loginHint: "cursor-agent login",
    proof: { documented: "https://cursor.com/docs/cli/acp" },
  },
]

/** What most agents have in common. */
function acp(name: string, title: string, argv: readonly [string, ...string[]]): Omit<KnownAgent, "install" | "loginHint" | "proof"> {
  return { name, title, driver: "acp", argv, env: {}, askEnv: {}, modes: { ask: null, allow: null }, versionArgv: [argv[0], "--version"], login: null }
}
