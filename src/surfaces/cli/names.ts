/** Turns what a person typed into a run, a task or a session, with the hub's help. */
import path from "node:path"
import { fault, FaultError } from "../../domain/fault.ts"
import type { Found, HubClient } from "./client.ts"
import { noHubCodes } from "./exit-codes.ts"
import { oneLine } from "./text.ts"

export const newestRun = "@last"

export interface NamedTask {
  readonly run: string
  readonly key: string
}

/** What a name means. A task's whole key wins over the beginning of a run's id: `stop api` must not stop all of `api-docs-7k2f`. */
export async function findNamed(client: HubClient, name: string): Promise<Found> {
  const found = await client.find(name)
  if (found.key !== null || found.run === name || name.startsWith("@")) return found
  try {
    return await client.find(`${newestRun}/${name}`)
  } catch (error) {
    if (error instanceof FaultError && !noHubCodes.has(error.fault.code)) return found
    throw error
  }
}

/** A name that means a task. A run's name is refused, with what could be meant. */
export async function findTask(client: HubClient, name: string): Promise<NamedTask> {
  const found = await findNamed(client, name)
  if (found.key !== null) return { run: found.run, key: found.key }
  throw new FaultError(
    fault(
      "not-a-task",
      `${oneLine(name)} is a run, not a task`,
      "this command works on one task",
      `name one as ${found.run}/<task>; see: fleet status ${found.run}`,
    ),
  )
}

export async function findRun(client: HubClient, name: string): Promise<string> {
  return (await client.find(name)).run
}

/** The session to read: the one that was named, or that of the task's newest attempt. */
export async function findSession(client: HubClient, name: string): Promise<{ readonly session: string; readonly task: NamedTask | null }> {
  const own = await ownSession(client, name)
  if (own !== null) return { session: own, task: null }
  const found = await findNamed(client, name)
  const task = found.key === null ? null : { run: found.run, key: found.key }
  if (found.session !== null) return { session: found.session, task }
  const named = task ?? (await findTask(client, name))
  const view = await client.task(named.run, named.key)
  const session = view.session ?? view.attempts.at(-1)?.session
  if (session !== undefined) return { session, task: named }
  throw new FaultError(fault("no-session", `task ${oneLine(named.key)} has not been started`, view.reason, `watch it: fleet watch ${named.run}`))
}

/** The id of the session without a task that is named; null: the name means none. Runs and tasks are named by words, and an id is none. */
export async function ownSession(client: HubClient, name: string): Promise<string | null> {
  if (!looksLikeSession.test(name)) return null
  try {
    const { id, task } = await client.session(name)
    return task === null ? id : null
  } catch (error) {
    if (error instanceof FaultError && (error.fault.code === "unknown-session" || error.fault.code === "session-of-task")) return null
    throw error
  }
}

/** The beginning of a UUID, or an id as agents give it. */
const looksLikeSession = /^(?=.*[0-9])[0-9a-f]{4,8}(-[0-9a-f-]*)?$|^ses_|^[0-9a-f]{8}-/

/** The open question that an id or a unique prefix of it means. One that is not open is left to the hub, which knows what became of it. */
export async function findApproval(client: HubClient, name: string): Promise<string> {
  const alike = (await client.approvals()).map((approval) => approval.id).filter((id) => id.startsWith(name))
  if (alike.includes(name) || alike.length === 0) return name
  const [only, second] = alike
  if (only !== undefined && second === undefined) return only
  throw new FaultError(fault("ambiguous", `${oneLine(name)} could be ${alike.length} questions`, alike.slice(0, 5).join(", "), "write more of the id"))
}

/** Whether a directory is in a repository, by their paths. */
export function isWithin(repository: string, directory: string): boolean {
  const way = path.relative(repository, directory)
  return way === "" || (!way.startsWith("..") && !path.isAbsolute(way))
}
