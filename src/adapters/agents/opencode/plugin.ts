/**
 * The plugin that Fleet gives an opencode server, and the files that it reads and writes. Tool shells inherit the environment of the server, which
 * many sessions share: the plugin adds their own session's (`shell.env`). And it notes what the provider answered, since opencode does not say
 * why it tries again.
 */
import { randomBytes } from "node:crypto"
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises"
import path from "node:path"
import { pathToFileURL } from "node:url"
import { processFacts } from "../../../runtime/processes.ts"
import { parseLine, number } from "../fields.ts"
import type { ProviderNote } from "./errors.ts"

export interface PluginFiles extends AsyncDisposable {
  readonly directory: string
  /** As opencode's config names it. */
  readonly specifier: string
  /** Written by the plugin when a server has loaded it. */
  loaded(server: string): Promise<boolean>
  /** What the tools of that conversation, and of those that it starts, are to see. */
  give(agentSession: string, environment: Readonly<Record<string, string>>): Promise<void>
  take(agentSession: string): Promise<void>
  note(agentSession: string): Promise<ProviderNote | null>
}

/** The server tells its plugin by this variable which one it is. */
export const serverVariable = "FLEET_OPENCODE_SERVER"

/** In a directory of its own; those of processes that are gone are removed. */
export async function makePlugin(parent: string): Promise<PluginFiles> {
  await mkdir(parent, { recursive: true, mode: 0o700 })
  await sweep(parent)
  const directory = path.join(parent, `${process.pid}-${randomBytes(6).toString("hex")}`)
  await mkdir(directory, { mode: 0o700 })
  const file = path.join(directory, "fleet.mjs")
  await writeFile(file, source, { mode: 0o600 })
  const at = (name: string): string => path.join(directory, path.basename(name))
  return {
    directory,
    specifier: pathToFileURL(file).href,
    loaded: (server) => readFile(at(`${server}.loaded`)).then(yes, no),
    give: (agentSession, environment) => writeFile(at(`${agentSession}.env.json`), JSON.stringify(environment), { mode: 0o600 }),
    take: async (agentSession) => {
      for (const kind of ["env", "note"]) await rm(at(`${agentSession}.${kind}.json`), { force: true })
    },
    note: async (agentSession) => {
      const note = parseLine(await readFile(at(`${agentSession}.note.json`), "utf8").catch(() => ""))
      return note === null ? null : { status: number(note["status"]), told: note["told"] === true }
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  }
}

const yes = (): boolean => true
const no = (): boolean => false

async function sweep(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const owner = Number(/^(\d+)-[0-9a-f]{12}$/.exec(name)?.[1])
    if (owner > 0 && owner !== process.pid && processFacts(owner) === null) await rm(path.join(parent, name), { recursive: true, force: true })
  }
}

/**
 * Runs inside opencode. A tool of a conversation that Fleet did not open, and that none of its own started, is not run at all: it could not be
 * ended with its session. The password of the server is kept from tools, or an agent could allow itself what it asks for.
 */
const source = `
import { readFileSync, writeFileSync, existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { join } from "node:path"
import { env } from "node:process"
const directory = fileURLToPath(new URL(".", import.meta.url))
const at = (session, kind) => join(directory, session.replace(/[^A-Za-z0-9_-]/g, "") + "." + kind + ".json")
writeFileSync(join(directory, env.${serverVariable} + ".loaded"), "")

const failed = new Set()
function note(session, status, told) {
  if (status >= 200 && status < 400 && !failed.has(session)) return
  failed.add(session)
  try { writeFileSync(at(session, "note"), JSON.stringify({ status, told }), { mode: 0o600 }) } catch {}
}
const original = globalThis.fetch
globalThis.fetch = Object.assign(async function (input, init) {
  let session = null
  try {
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined))
    session = headers.get("x-opencode-session") ?? headers.get("x-session-id")
  } catch {}
  if (session === null) return original(input, init)
  try {
    const response = await original(input, init)
    note(session, response.status, response.headers.has("retry-after") || response.headers.has("retry-after-ms"))
    return response
  } catch (error) {
    note(session, 0, false)
    throw error
  }
}, original)

const parents = new Map()
async function parentOf(client, session) {
  if (!parents.has(session)) {
    const { data } = await client.session.get({ path: { id: session } })
    parents.set(session, data?.parentID ?? null)
  }
  return parents.get(session)
}
async function environmentOf(client, session) {
  for (let id = session, depth = 0; id != null && depth < 10; id = await parentOf(client, id), depth++)
    if (existsSync(at(id, "env"))) return JSON.parse(readFileSync(at(id, "env"), "utf8"))
  throw new Error("Fleet knows no environment for the session " + session)
}
export const Fleet = async ({ client }) => ({
  "shell.env": async (input, output) => {
    if (input.sessionID) Object.assign(output.env, await environmentOf(client, input.sessionID))
    Object.assign(output.env, { OPENCODE_SERVER_PASSWORD: "", OPENCODE_SERVER_USERNAME: "", ${serverVariable}: "" })
  },
})
`
