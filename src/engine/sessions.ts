/** From what a surface is asked to a session: where it works, with which agent, for whom; and what can be asked of one that is there. */
import { randomUUID } from "node:crypto"
import path from "node:path"
import { fault, FaultError, type Fault } from "../domain/fault.ts"
import { id, type MessageId, type SessionId, type WorkspaceId } from "../domain/ids.ts"
import { unknownThing } from "../domain/project/refusals.ts"
import type { Event } from "../domain/project/events.ts"
import type { RepositoryFacts } from "../domain/repository/facts.ts"
import type { QueuedPrompt, Session, WantedCheckout } from "../domain/session/session.ts"
import type { Attachment } from "../domain/session/turn.ts"
import type { CreateSession, PromptSession } from "../protocol/session-views.ts"
import type { Hub } from "./hub.ts"
import { realDirectory } from "./roots.ts"
import { chooseAgent, inspect, workerWaitMs } from "./submission.ts"

/** What a session gets that nobody asked otherwise for. */
export interface SessionSettings {
  readonly limitMs: number | null
  readonly stallMs: number
  readonly idleMs: number | null
  /** Absolute directory that clones are made in. */
  readonly cloneRoot: string
}

const minuteMs = 60_000
const attachmentBytesMax = 5 * 1024 * 1024
const attachmentsMax = 10

/** Title of a session that was given none. */
export const untitled = "New Session"

/**
 * Makes a session and resolves when its agent is open. Rejects with a `FaultError` when it cannot be made; then nothing of it is left.
 * `by`: who asks, in words.
 */
export async function openNewSession(hub: Hub, of: CreateSession, by: string): Promise<Session> {
  const notify = of.notify === null ? null : findSession(hub, of.notify)
  const parent = of.parent === null ? notify : findSession(hub, of.parent)
  const directory = await realDirectory(hub, of.directory)
  const worker = await hub.anyWorker(workerWaitMs)
  const agent = await chooseAgent(hub, of.agent ?? parent?.agent ?? null)
  const wanted = await checkoutOf(hub, directory, of)
  const session: SessionId = id(randomUUID())
  const { limitMs, stallMs, idleMs } = hub.parts.sessions
  const terms = {
    title: of.title ?? untitled,
    agent,
    model: of.model ?? (parent?.agent === agent ? parent.model : null),
    worker,
    wanted,
    parent: parent?.id ?? null,
    notify: notify?.id ?? null,
    limitMs: of.timeoutMinutes === null ? limitMs : of.timeoutMinutes * minuteMs,
    stallMs,
    idleMs,
  }
  const prompt = of.prompt === null ? null : await queued(hub, of.prompt, by)
  await whileHeld(hub, wanted, () => when(hub, session, () => hub.send({ type: "session.create", session, terms, prompt, by })))
  return sessionOf(hub, session)
}

/** Resolves to the prompt's id once it is committed; its agent gets it when its turn comes. */
export async function givePrompt(hub: Hub, name: string, of: PromptSession, by: string): Promise<MessageId> {
  const session = findSession(hub, name)
  const prompt = await queued(hub, of, by)
  await hub.send({ type: "session.prompt", session: session.id, prompt })
  return prompt.id
}

/** Opens the agent of a session that ended or sleeps, with the conversation that it had. Resolves when it is open. */
export async function reopenSession(hub: Hub, name: string): Promise<Session> {
  const { id: session, wanted } = findSession(hub, name)
  await whileHeld(hub, wanted, () => when(hub, session, () => hub.send({ type: "session.resume", session })))
  return sessionOf(hub, session)
}

/** A session without a task by its id, any of its agent's own ids, or a prefix that only it has. Throws a `FaultError` (`unknown-session`). */
export function findSession(hub: Hub, name: string): Session {
  const { sessions, tasks } = hub.state
  const exact = sessions.get(id(name)) ?? sessions.find(({ agentSessions }) => agentSessions.includes(name))
  if (exact !== undefined && exact.phase.name !== "undoing") return exact
  const alike = name.length < prefixMin ? [] : [...sessions.values()].filter((session) => session.id.startsWith(name))
  const [only, ...others] = alike
  if (only !== undefined && others.length === 0) return only
  const ofTask = [...tasks.values()].find(({ state }) => state.name === "running" && (state.attempt.id === name || state.attempt.agentSession === name))
  if (ofTask !== undefined)
    throw new FaultError(
      fault(
        "session-of-task",
        `session ${name} belongs to task ${ofTask.id}`,
        "it ends with its turn, so it can neither be prompted nor wait for others",
        `tell it something while it works: fleet tell ${ofTask.id}`,
      ),
    )
  throw new FaultError(unnamed(name, alike.length))
}

const prefixMin = 4

/** Why a name means no session, or none alone. */
function unnamed(name: string, alike: number): Fault {
  const fix = "fleet session list shows them; GET /api/sessions has their ids"
  if (name.length < prefixMin)
    return fault("unknown-session", `there is no session ${name}`, `of the beginning of an id at least ${prefixMin} characters are needed`, fix)
  if (alike > 1) return fault("unknown-session", `"${name}" could be ${alike} sessions`, "their ids begin alike", `write more of the id; ${fix}`)
  return unknownThing("session", name)
}

function sessionOf(hub: Hub, session: SessionId): Session {
  const found = hub.state.sessions.get(session)
  if (found === undefined) throw new FaultError(unknownThing("session", session))
  return found
}

/** An existing directory is the person's own: nothing is made in its repository, so nobody is kept away from it. */
function whileHeld<T>(hub: Hub, { commonDirectory, strategy }: WantedCheckout, work: () => Promise<T>): Promise<T> {
  return commonDirectory === null || strategy === "existing" ? work() : hub.repositories.during(commonDirectory, work)
}

/** Resolves when its agent is open, rejects when it could not be. */
async function when(hub: Hub, session: SessionId, begin: () => Promise<void>): Promise<void> {
  const settled = Promise.withResolvers<void>()
  const refuse = (what: string, why: string): void => settled.reject(new FaultError(fault("session-not-opened", what, why, "see worker.log in Fleet's home")))
  using _heard = hub.published.subscribe(({ event }: { event: Event }) => {
    if (!("session" in event) || event.session !== session) return
    if (event.type === "session.ready") settled.resolve()
    else if (event.type === "session.failed") settled.reject(new FaultError(event.fault))
    else if (event.type === "session.asleep") refuse(`session ${session} cannot be opened`, event.why)
    else if (event.type === "session.ended" || event.type === "session.removed") refuse(`session ${session} was not opened`, "it was ended before")
  })
  await begin()
  await settled.promise
}

async function checkoutOf(hub: Hub, directory: string, of: CreateSession): Promise<WantedCheckout> {
  const workspace: WorkspaceId = id(randomUUID())
  const branch = of.branch ?? `weave-session-${workspace.slice(0, 8)}`
  const facts = await factsOf(hub, directory, of.strategy)
  const base = of.base ?? facts?.branch ?? facts?.head ?? "HEAD"
  const common = {
    workspace,
    strategy: of.strategy,
    source: directory,
    branch,
    base,
    commonDirectory: facts?.commonDirectory ?? null,
    repository: facts?.root ?? directory,
  }
  switch (of.strategy) {
    case "existing":
      return { ...common, path: null }
    case "clone":
      return { ...common, path: path.join(hub.parts.sessions.cloneRoot, workspace) }
    case "worktree":
      return { ...common, path: worktreePath(common.repository, branch) }
  }
}

/** Beside the repository, where people look for it: `<repository>-worktrees/<branch>`. */
function worktreePath(repository: string, branch: string): string {
  const name = path.basename(repository).replace(/\.git$/, "")
  return path.join(path.dirname(repository), `${name}-worktrees`, branch.replaceAll("/", "-"))
}

/** Null where there is no repository; only an existing directory may be so. */
async function factsOf(hub: Hub, directory: string, strategy: CreateSession["strategy"]): Promise<RepositoryFacts | null> {
  const facts = await inspect(hub, directory).catch((error: unknown) => {
    if (strategy === "existing" && error instanceof FaultError && error.fault.code === "not-a-repository") return null
    throw error
  })
  if (strategy === "existing" || facts === null || facts.head !== null) return facts
  throw new FaultError(
    fault("no-commits", `${facts.root} has no commit yet`, "agents work on branches, and a branch starts from a commit", 'git commit --allow-empty -m "Begin"'),
  )
}

async function queued(hub: Hub, of: PromptSession, by: string): Promise<QueuedPrompt> {
  if (of.attachments.length > attachmentsMax)
    throw new FaultError(
      fault("too-many-attachments", "the prompt has too many attachments", `${of.attachments.length} came; ${attachmentsMax} are the most`, "send fewer"),
    )
  const attachments = await Promise.all(of.attachments.map((one, at) => kept(hub, one, at)))
  const { text, model, mode } = of
  return { id: id(randomUUID()), text, attachments, model, mode, by, callback: null, queuedAt: hub.parts.clock.now() }
}

async function kept(hub: Hub, { mime, name, data }: PromptSession["attachments"][number], at: number): Promise<Attachment> {
  const bytes = Buffer.from(data, "base64")
  if (bytes.length === 0)
    throw new FaultError(fault("bad-attachment", `attachment ${at + 1} is empty`, "its data is no base64", "send the picture's bytes in base64"))
  if (bytes.length > attachmentBytesMax)
    throw new FaultError(
      fault(
        "attachment-too-large",
        `attachment ${at + 1} is too large`,
        `it has ${bytes.length} bytes; ${attachmentBytesMax} are the most`,
        "send a smaller picture",
      ),
    )
  const extension = mime.slice(mime.indexOf("/") + 1)
  return { mime, name: name ?? `attachment-${at + 1}.${extension}`, file: await hub.parts.directories.keep(bytes, extension) }
}
