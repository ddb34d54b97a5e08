/**
 * The catalogue of models that a server is given. opencode knows some hundred providers, and parses all of that anew for each directory: the greater
 * part of its memory. It is cut to the providers that a person can use here; where that cannot be told, it stays whole.
 */
import { access, readFile } from "node:fs/promises"
import path from "node:path"
import { list, parseLine, record, text, type Json } from "../fields.ts"

/** What the person has; the raw texts of their configs, since a name in a comment does no harm. */
export interface Used {
  readonly environment: Readonly<Record<string, string>>
  readonly configs: readonly string[]
  readonly logins: readonly string[]
}

/** Logged in by ways of their own: profiles, metadata services, other programs' logins. */
const always = /^(opencode|amazon-bedrock|azure|cloudflare|github|gitlab|google|sap|snowflake)/

/** The catalogue with only those providers. */
export function cut(catalogue: Json, { environment, configs, logins }: Used): Json {
  const only = list(parseLine(environment["OPENCODE_CONFIG_CONTENT"] ?? "")?.["enabled_providers"]).map(text)
  const isUsed = (id: string, provider: unknown): boolean =>
    always.test(id) ||
    logins.includes(id) ||
    configs.some((config) => config.includes(`"${id}"`) || config.includes(`${id}/`)) ||
    list(record(provider)["env"]).some((name) => (environment[text(name)] ?? "") !== "")
  return Object.fromEntries(Object.entries(catalogue).filter(([id, provider]) => (only.length > 0 ? only.includes(id) : isUsed(id, provider))))
}

/** Null when the whole one is to be used: nobody has fetched it yet, or the person names another. */
export async function cutCatalogue(environment: Readonly<Record<string, string>>): Promise<Json | null> {
  if ((environment["OPENCODE_MODELS_PATH"] ?? "") !== "" || (environment["OPENCODE_MODELS_URL"] ?? "") !== "") return null
  const home = environment["HOME"] ?? ""
  const under = (variable: string, usual: string): string => path.join(environment[variable] || path.join(home, usual), "opencode")
  const catalogue = parseLine(await read(path.join(under("XDG_CACHE_HOME", ".cache"), "models.json")))
  if (catalogue === null || Object.keys(catalogue).length === 0) return null
  const logins = parseLine(environment["OPENCODE_AUTH_CONTENT"] ?? (await read(path.join(under("XDG_DATA_HOME", ".local/share"), "auth.json"))))
  const configHome = under("XDG_CONFIG_HOME", ".config")
  const files = configNames.map((name) => path.join(configHome, name))
  const named = [environment["OPENCODE_CONFIG"], ...configNames.map((name) => path.join(environment["OPENCODE_CONFIG_DIR"] ?? configHome, name))]
  const configs = await Promise.all([...files, ...named.filter((file) => file !== undefined)].map(read))
  return cut(catalogue, { environment, configs: [...configs, environment["OPENCODE_CONFIG_CONTENT"] ?? ""], logins: Object.keys(logins ?? {}) })
}

/** A directory whose own config may name providers that nothing else does. */
export async function hasOwnConfig(directory: string): Promise<boolean> {
  const places = configNames.flatMap((name) => [path.join(directory, name), path.join(directory, ".opencode", name)])
  const found = await Promise.all(
    places.map((place) =>
      access(place).then(
        () => true,
        () => false,
      ),
    ),
  )
  return found.includes(true)
}

const configNames = ["config.json", "opencode.json", "opencode.jsonc"]
const read = (file: string): Promise<string> => readFile(file, "utf8").catch(() => "")
