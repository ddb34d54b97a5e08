/** `/api/sessions/:id/events`: what happens in a session, in the shape of OpenCode's events, made of what Fleet knows: its milestones and its transcript as it grows. */
import type { Hono } from "hono"
import type { Event } from "../../../domain/project/events.ts"
import type { Hub } from "../../../engine/hub.ts"
import type { SessionView } from "../../../protocol/session-views.ts"
import { Conversation } from "./conversation.ts"
import { findView } from "./find.ts"
import { readTranscript, speakerOf } from "./messages.ts"
import type { Weave } from "./parts.ts"
import { sessionObject, shownId } from "./shapes.ts"
import { standingOf } from "./standing.ts"

type Write = (data: object) => Promise<void>

export function eventRoutes(app: Hono, { hub, about, streams }: Weave): void {
  app.get("/sessions/:id/events", async (context) => {
    const view = findView(hub, context.req.param("id"))
    const words = new Words(hub, view)
    await words.skip()
    const first = { said: false }
    return streams.feed<Event>(context, hub.parts.clock, {
      subscribe: (waiting) => {
        const published = hub.published.subscribe(({ event }) => {
          if (isAbout(hub, event, view)) waiting.add(event)
        })
        const stirred = hub.stirred.subscribe((session) => {
          if (session === view.id) waiting.wake()
        })
        return {
          [Symbol.dispose]: () => {
            published[Symbol.dispose]()
            stirred[Symbol.dispose]()
          },
        }
      },
      tell: async (events, write) => {
        if (!first.said) await write(statusEvent(view, isBusy(hub, findView(hub, view.id))))
        first.said = true
        for (const event of events) {
          // What the agent said before something happened is told before it.
          await words.tell(write)
          for (const one of eventsOf(event, view, about().version)) await write(one)
          if (event.type === "session.removed" || event.type === "attempt.ended") return "over"
        }
        await words.tell(write)
        return "more"
      },
    })
  })
}

/** Of an attempt's session, too, whose events are its task's. */
function isAbout(hub: Hub, event: Event, view: SessionView): boolean {
  if (event.type === "approval.opened") return event.about.kind === "permission" && event.about.session === view.id
  if (event.type === "approval.answered" || event.type === "approval.withdrawn") {
    const about = hub.state.approvals.get(event.approval)?.about
    return about?.kind === "permission" && about.session === view.id
  }
  if ("session" in event && event.session === view.id) return true
  return view.task !== null && "task" in event && event.task === view.task
}

const isBusy = (hub: Hub, view: SessionView): boolean => ["busy", "waiting_input"].includes(standingOf(hub.state, view).activity ?? "")

const statusEvent = (view: SessionView, busy: boolean): object => ({
  type: "session.status",
  properties: { sessionID: shownId(view), status: { type: busy ? "busy" : "idle" } },
})

function eventsOf(event: Event, view: SessionView, version: string): object[] {
  if (event.type === "session.prompted" || event.type === "turn.started") return [statusEvent(view, true)]
  if (event.type === "session.turned") return event.end.how === "failed" ? [errorEvent(view, event.end.why ?? "the turn failed")] : []
  if (event.type === "session.surveyed" || event.type === "session.ended") return idleEvents(view)
  if (event.type === "turn.ended") {
    const { how } = event.outcome
    return [...(how === "completed" || how === "interrupted" ? [] : [errorEvent(view, `the turn ${how}`)]), ...idleEvents(view)]
  }
  if (event.type === "session.renamed") return [infoEvent("session.updated", { ...view, title: event.title }, version)]
  if (event.type === "session.removed") return [infoEvent("session.deleted", view, version)]
  return permissionEvents(event, shownId(view))
}

const idleEvents = (view: SessionView): object[] => [statusEvent(view, false), { type: "session.idle", properties: { sessionID: shownId(view) } }]

const errorEvent = (view: SessionView, message: string): object => ({
  type: "session.error",
  properties: { sessionID: shownId(view), error: { name: "UnknownError", data: { message } } },
})

const infoEvent = (type: string, view: SessionView, version: string): object => ({ type, properties: { info: sessionObject(view, version) } })

function permissionEvents(event: Event, sessionID: string): object[] {
  const replied = (requestID: string, reply: "once" | "reject"): object[] => [{ type: "permission.replied", properties: { sessionID, requestID, reply } }]
  if (event.type === "approval.answered") return replied(event.approval, event.allow ? "once" : "reject")
  if (event.type === "approval.withdrawn") return replied(event.approval, "reject")
  if (event.type !== "approval.opened") return []
  const { approval: id, question, detail } = event
  return [{ type: "permission.asked", properties: { id, sessionID, permission: question, patterns: [], metadata: { detail }, always: [] } }]
}

/** The transcript as it grows. */
class Words {
  readonly #hub: Hub
  readonly #view: SessionView
  readonly #conversation: Conversation
  #offset = 0
  #told: string | null = null

  constructor(hub: Hub, view: SessionView) {
    this.#hub = hub
    this.#view = view
    this.#conversation = new Conversation(speakerOf(view), () => undefined)
  }

  /** What was said before the client came is in `/messages`. */
  async skip(): Promise<void> {
    for await (const { entries, next } of readTranscript(this.#hub, this.#view, 0)) {
      for (const entry of entries) this.#conversation.add(entry)
      this.#offset = next
    }
  }

  async tell(write: Write): Promise<void> {
    try {
      for await (const { entries, next } of readTranscript(this.#hub, this.#view, this.#offset)) {
        this.#offset = next
        for (const entry of entries) await this.#tellOf(this.#conversation.add(entry), write)
      }
    } catch {
      // Its worker is away: what it says meanwhile is read when it is back.
    }
  }

  async #tellOf({ info, part }: ReturnType<Conversation["add"]>, write: Write): Promise<void> {
    if (part === null || this.#told !== info.id) await write({ type: "message.updated", properties: { info } })
    this.#told = info.id
    if (part !== null) await write({ type: "message.part.updated", properties: { part } })
  }
}
