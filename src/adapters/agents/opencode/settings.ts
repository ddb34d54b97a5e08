/** What Fleet adds to the environment of an opencode server. A person's own config stays in force: only what it leaves free is used. */
import { writeFile } from "node:fs/promises"
import path from "node:path"
import { FaultError, fault } from "../../../domain/fault.ts"
import { cutCatalogue } from "./catalogue.ts"
import { list, parseLine } from "../fields.ts"
import type { DriverOptions } from "../options.ts"
import type { PluginFiles } from "./plugin.ts"

/** `environment`: what the server has besides. */
export async function serverSettings(
  { entry, permissions }: DriverOptions,
  environment: Readonly<Record<string, string>>,
  files: PluginFiles,
  wholeCatalogue: boolean,
): Promise<Record<string, string>> {
  return {
    ...(await pluginSettings(entry.name, environment, files)),
    ...(wholeCatalogue ? {} : await catalogueSettings(environment, files)),
    ...Object.fromEntries(Object.entries(impatient).filter(([name]) => environment[name] === undefined)),
    // Over what opencode's own config says of edits and commands; for agents that it starts too, which rules of one session do not reach.
    ...(permissions === "ask" && environment["OPENCODE_PERMISSION"] === undefined ? { OPENCODE_PERMISSION: '{"edit":"ask","bash":"ask"}' } : {}),
  }
}

/**
 * Before it loads any plugin, opencode installs a package of its own for them, where a home does not have it yet. Without a network npm would try
 * for more than a minute; a plugin without dependencies, as Fleet's is, loads all the same when that fails.
 */
const impatient = { npm_config_fetch_retries: "0", npm_config_fetch_timeout: "15000" }

async function catalogueSettings(environment: Readonly<Record<string, string>>, files: PluginFiles): Promise<Record<string, string>> {
  const catalogue = await cutCatalogue(environment)
  if (catalogue === null) return {}
  const file = path.join(files.directory, "models.json")
  await writeFile(file, JSON.stringify(catalogue), { mode: 0o600 })
  return { OPENCODE_MODELS_PATH: file }
}

/** opencode puts the plugins of all its configs together. */
async function pluginSettings(name: string, environment: Readonly<Record<string, string>>, files: PluginFiles): Promise<Record<string, string>> {
  if ((environment["OPENCODE_CONFIG"] ?? "") === "") {
    const file = path.join(files.directory, "config.json")
    await writeFile(file, JSON.stringify({ plugin: [files.specifier] }), { mode: 0o600 })
    return { OPENCODE_CONFIG: file }
  }
  const content = environment["OPENCODE_CONFIG_CONTENT"] ?? "{}"
  const config = parseLine(content)
  if (config === null) throw new FaultError(noPlace(name))
  return { OPENCODE_CONFIG_CONTENT: JSON.stringify({ ...config, plugin: [...list(config["plugin"]), files.specifier] }) }
}

const noPlace = (name: string) =>
  fault(
    "agent-config",
    `${name} cannot share a server`,
    "both OPENCODE_CONFIG and OPENCODE_CONFIG_CONTENT are taken, and the latter is no plain JSON that Fleet could add its plugin to",
    "write OPENCODE_CONFIG_CONTENT without comments, or use the agent opencode-acp",
  )
