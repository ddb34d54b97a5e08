/** Messages of a session out of its transcript: all, or a page of them. What is read and what is answered is bounded. */
import type { Context, Hono } from "hono"
import { id } from "../../../domain/ids.ts"
import type { Hub } from "../../../engine/hub.ts"
import type { SessionView } from "../../../protocol/session-views.ts"
import type { TranscriptEntry } from "../../../protocol/worker.ts"
import { Conversation, positionOf, type Message, type Speaker } from "./conversation.ts"
import { findView } from "./find.ts"
import { numberOf } from "./input.ts"
import type { WeaveParts } from "./parts.ts"
import { shownId } from "./shapes.ts"

const pageBytes = 1024 * 1024
/** More than a transcript holds: no reading goes on for ever. */
const pagesMax = 256
const charsMax = 16 * 1024 * 1024
const messagesMax = 2_000

/** Which messages are wanted, by position. The newest `count` of those are kept. */
export interface Window {
  readonly after: number
  readonly before: number
  readonly count: number
}
export const window = { all: { after: 0, before: Number.POSITIVE_INFINITY, count: messagesMax } } as const satisfies Record<string, Window>

export interface MessagesPage {
  readonly messages: readonly Message[]
  /** There are older ones in the window than those that are kept. */
  readonly hasMore: boolean
  readonly totalCount: number
}

export function messageRoutes(app: Hono, { hub }: WeaveParts): void {
  app.get("/sessions/:id/messages", async (context) => {
    const view = findView(hub, context.req.param("id"))
    const { messages, hasMore, totalCount } = await readMessages(hub, view, windowOf(context))
    return context.json({ messages, pagination: { hasMore, oldestMessageId: messages[0]?.info.id ?? null, totalCount } })
  })
}

export async function readMessages(hub: Hub, view: SessionView, { after, before, count }: Window): Promise<MessagesPage> {
  const kept: Message[] = []
  let chars = 0
  let dropped = false
  const conversation = new Conversation(speakerOf(view), (message, position) => {
    if (position <= after || position >= before) return
    kept.push(message)
    chars += sizeOf(message)
    while (kept.length > 1 && (kept.length > count || chars > charsMax)) {
      const [oldest] = kept.splice(0, 1)
      chars -= oldest === undefined ? 0 : sizeOf(oldest)
      dropped = true
    }
  })
  for await (const entries of readTranscript(hub, view, 0)) for (const entry of entries.entries) conversation.add(entry)
  conversation.flush()
  return { messages: kept, hasMore: dropped, totalCount: conversation.count }
}

export const speakerOf = (view: SessionView): Speaker => ({ sessionID: shownId(view), agent: view.agent, model: view.model })

/** Pages of the transcript from a byte on, to its end. */
export async function* readTranscript(
  hub: Hub,
  { id: session, worker }: SessionView,
  from: number,
): AsyncGenerator<{ entries: readonly TranscriptEntry[]; next: number }> {
  let offset = from
  for (let page = 0; page < pagesMax; page++) {
    const answer = await hub.workers.ask(id(worker), { ask: "transcript", session: id(session), offset, bytesMax: pageBytes })
    if (answer.ask !== "transcript") throw new Error(`asked for a transcript, answered ${answer.ask}`)
    if (answer.next <= offset) return
    offset = answer.next
    yield answer
  }
}

/** A cursor that nobody knows asks for everything, as far as that is kept. */
function windowOf(context: Context): Window {
  const count = Math.min(200, numberOf(context, "limit", { least: 1, most: 999_999_999, otherwise: 50 }))
  const { after, before } = context.req.query()
  if (after !== undefined && after !== "") return { ...window.all, after: positionOf(after) ?? 0 }
  return { after: 0, before: (before === undefined ? null : positionOf(before)) ?? Number.POSITIVE_INFINITY, count }
}

function sizeOf({ parts }: Message): number {
  return parts.reduce((sum, part) => sum + ("text" in part ? part.text.length : JSON.stringify(part.state).length), 200)
}
