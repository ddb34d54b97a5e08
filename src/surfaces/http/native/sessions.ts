/** Handlers about sessions of their own and callbacks. */
import type { Callback } from "../../../domain/callback/callback.ts"
import { id } from "../../../domain/ids.ts"
import type { Session } from "../../../domain/session/session.ts"
import { find } from "../../../engine/find.ts"
import { findTask, type Hub } from "../../../engine/hub.ts"
import { openNewSession, findSession, givePrompt, reopenSession } from "../../../engine/sessions.ts"
import { viewCallback, viewSession, viewSessions } from "../../../engine/views/session.ts"
import { taskOf } from "../../../domain/project/state.ts"
import type { QueryOf } from "../../../protocol/api/registry.ts"
import type { CallbackView, CreateSession, SessionView } from "../../../protocol/session-views.ts"
import type { Page } from "../../../protocol/api/schemas/fields.ts"
import type { Caller } from "../access.ts"
import { sessionDiff } from "../diff.ts"
import { type Handlers, type NativeParts } from "./handler.ts"
import { pageOf, shown, type Asked } from "./page.ts"
import { seenSession } from "./seen-session.ts"

type Ids =
  | "listSessions"
  | "createSession"
  | "getSession"
  | "renameSession"
  | "endSession"
  | "promptSession"
  | "stopTurn"
  | "resumeSession"
  | "forkSession"
  | "handOff"
  | "getSessionDiff"
  | "getTranscript"
  | "listSessionCallbacks"
  | "listCallbacks"

const transcriptBytesMax = 256 * 1024

export function sessionHandlers(parts: NativeParts): Handlers<Ids> {
  return { ...lookingHandlers(parts), ...leadingHandlers(parts) }
}

type Looking = "listSessions" | "getSession" | "getSessionDiff" | "getTranscript" | "listSessionCallbacks" | "listCallbacks"

function lookingHandlers({ hub }: NativeParts): Handlers<Looking> {
  return {
    listSessions: ({ query }) => listSessions(hub, query),
    getSession: ({ params }) => seenSession(hub, params.session),
    getSessionDiff: ({ params, query }) => sessionDiff(hub, seenSession(hub, params.session), query.texts),
    getTranscript: async ({ params, query }) => {
      const of = ofTranscript(hub, params.session)
      const answer = await hub.workers.ask(of.worker ?? (await hub.anyWorker(1_000)), {
        ask: "transcript",
        session: id(of.session),
        offset: query.offset,
        bytesMax: transcriptBytesMax,
      })
      if (answer.ask !== "transcript") throw new Error(`asked for a transcript, answered ${answer.ask}`)
      return { entries: [...answer.entries], next: answer.next, ended: answer.ended }
    },
    listSessionCallbacks: ({ params, query }) => {
      const { id: session } = findSession(hub, params.session)
      return callbacks(hub, query, ({ from, to }) => from === session || to === session)
    },
    listCallbacks: ({ query }) => {
      const [from, to] = [query.from, query.to].map((name) => (name === undefined ? null : findSession(hub, name).id))
      const statuses = query.status ?? []
      return callbacks(
        hub,
        query,
        (one) => (from === null || one.from === from) && (to === null || one.to === to) && (statuses.length === 0 || statuses.includes(one.status)),
      )
    },
  }
}

type Leading = "createSession" | "renameSession" | "endSession" | "promptSession" | "stopTurn" | "resumeSession" | "forkSession" | "handOff"

function leadingHandlers({ hub }: NativeParts): Handlers<Leading> {
  const view = (session: Session): SessionView => viewSession(hub.state, session, hub.live, hub.parts.clock.now())
  return {
    createSession: async ({ body, caller, by }) => view(await openNewSession(hub, under(hub, caller, body), by)),
    renameSession: async ({ params, body }) => {
      const { id: session } = findSession(hub, params.session)
      await hub.send({ type: "session.rename", session, title: body.title })
      return view(findSession(hub, session))
    },
    endSession: async ({ params, query, by }) => {
      const { id: session } = findSession(hub, params.session)
      const [cleanup, forget] = [query.cleanup ?? false, query.forget ?? false]
      await hub.send({ type: "session.end", session, release: cleanup, forget, by })
      return { session, cleanup, forget }
    },
    promptSession: async ({ params, body, by }) => {
      const { id: session } = findSession(hub, params.session)
      const after = hub.version
      return { session, prompt: await givePrompt(hub, session, body, by), after }
    },
    stopTurn: async ({ params, by }) => {
      const { id: session } = findSession(hub, params.session)
      await hub.send({ type: "session.stop", session, by })
      return view(findSession(hub, session))
    },
    resumeSession: async ({ params }) => view(await reopenSession(hub, params.session)),
    forkSession: async ({ params, body, by }) => {
      const of = findSession(hub, params.session)
      const forked: CreateSession = {
        directory: of.checkout.path ?? of.wanted.source,
        title: body.title ?? of.title,
        strategy: "existing",
        branch: null,
        base: null,
        agent: of.agent,
        model: of.model,
        parent: of.parent,
        notify: body.notify ?? of.notify,
        prompt: body.prompt,
        timeoutMinutes: null,
      }
      return view(await openNewSession(hub, forked, by))
    },
    handOff: async ({ params, body }) => {
      const { id: session } = findSession(hub, params.session)
      await hub.send({ type: "session.handoff", session, items: body.items })
      return { session, items: body.items.length }
    },
  }
}

/** What an agent makes is its child, unless it says whose it is. */
function under(hub: Hub, caller: Caller, of: CreateSession): CreateSession {
  return caller.kind === "agent" && of.parent === null && of.notify === null && hub.state.sessions.has(caller.session) ? { ...of, parent: caller.session } : of
}

function listSessions(hub: Hub, query: QueryOf<"listSessions">): Page<SessionView> {
  const parent = query.parent === undefined ? null : findSession(hub, query.parent).id
  const statuses = query.status ?? []
  const wanted = viewSessions(hub.state, hub.live, hub.parts.clock.now()).filter(
    (one) =>
      (parent === null || one.parent === parent) &&
      (statuses.length === 0 || statuses.includes(one.status)) &&
      (query.agent === undefined || one.agent === query.agent) &&
      (query.task === undefined || (one.task !== null) === query.task) &&
      (query.directory === undefined || one.source === query.directory || one.directory === query.directory),
  )
  return pageOf(wanted, query, { number: ({ createdAt }) => createdAt, id: ({ id: session }) => session, first: "highest" })
}

function callbacks(hub: Hub, asked: Asked, keep: (callback: Callback) => boolean): Page<CallbackView> {
  const order = { number: ({ at }: Callback) => at, id: ({ id: callback }: Callback) => callback, first: "highest" } as const
  return shown(pageOf([...hub.state.callbacks.values()].filter(keep), asked, order), (callback) => viewCallback(hub.state, callback))
}

/** Attempts that have ended still have theirs. Its worker, where it is known. */
function ofTranscript(hub: Hub, name: string): { readonly session: string; readonly worker: Session["worker"] | null } {
  const own = hub.state.sessions.find(({ id: session, agentSessions }) => session === name || agentSessions.includes(name))
  if (own !== undefined) return { session: own.id, worker: own.worker }
  const isTask = [...hub.state.tasks.values()].some(
    (task) => task.attempts.some((attempt) => attempt.id === name) || (task.state.name === "running" && task.state.attempt.id === name),
  )
  if (!isTask) return { session: findSession(hub, name).id, worker: findSession(hub, name).worker }
  const { run, key } = find(hub.state, name)
  return { session: name, worker: key === null ? null : (taskOf(hub.state, findTask(hub.state, id(run), key)).workspace?.worker ?? null) }
}
