/** What Fleet adds to the environment of an opencode server. A person's own config stays in force: only what it leaves free is used. */
import { writeFile } from "node:fs/promises"
import path from "node:path"
import { FaultError, fault } from "../../../domain/fault.ts"
import { list, parseLine } from "../fields.ts"
import type { DriverOptions } from "../options.ts"
import type { PluginFiles } from "./plugin.ts"

/** `environment`: what the server has besides. */
export async function serverSettings(
  { entry, permissions }: DriverOptions,
  environment: Readonly<Record<string, string>>,
  files: PluginFiles,
): Promise<Record<string, string>> {
  return {
    ...(await pluginSettings(entry.name, environment, files)),
    // Over what opencode's own config says of edits and commands; for agents that it starts too, which rules of one session do not reach.
    ...(permissions === "ask" && environment["OPENCODE_PERMISSION"] === undefined ? { OPENCODE_PERMISSION: '{"edit":"ask","bash":"ask"}' } : {}),
  }
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
