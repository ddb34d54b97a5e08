/** `/api/sessions`: list them, make one, look at one, rename it, end it. */
import type { Context, Hono } from "hono"
import { viewSession, viewSessions } from "../../../engine/views/session.ts"
import type { Session } from "../../../domain/session/session.ts"
import { findSession } from "../../../engine/sessions.ts"
import { fault, FaultError } from "../../../domain/fault.ts"
import type { SessionView } from "../../../protocol/session-views.ts"
import { badInput } from "./answers.ts"
import { createFrom } from "./create.ts"
import { endAndWait } from "./ending.ts"
import { askedBy, findView } from "./find.ts"
import { createBody, flagOf, numberOf, readBody, renameBody } from "./input.ts"
import { readMessages, window } from "./messages.ts"
import type { WeaveParts } from "./parts.ts"
import { directoryOf, listItem, sessionObject, shownId, type SessionObject } from "./shapes.ts"
import { sessionStatuses, standings } from "./standing.ts"

const ancestorsMax = 10

export function sessionRoutes(app: Hono, parts: WeaveParts): void {
  const { hub } = parts
  app.get("/sessions", (context) => listSessions(context, parts))
  app.post("/sessions", async (context) => {
    const body = await readBody(context, createBody, { directory: noDirectory })
    const made = viewOf(parts, await createFrom(context, hub, body))
    return context.json({ instanceId: made.instance, workspaceId: made.workspace, session: objectOf(parts, made) })
  })
  app.get("/sessions/:id", async (context) => {
    const view = findView(hub, context.req.param("id"))
    const { messages } = await readMessages(hub, view, window.all)
    return context.json({
      session: objectOf(parts, view),
      messages,
      workspaceId: view.workspace,
      workspaceDirectory: directoryOf(view),
      isolationStrategy: view.strategy,
      branch: view.strategy === "existing" ? null : view.branch,
      ancestors: ancestorsOf(parts, view),
      dbTitle: view.title,
    })
  })
  app.patch("/sessions/:id", async (context) => {
    const { title } = await readBody(context, renameBody, { title: noTitle })
    if (title == null || title.trim() === "") throw new FaultError(noTitle)
    const { id: session } = findSession(hub, context.req.param("id"))
    await hub.send({ type: "session.rename", session, title })
    return context.json({ id: session, title: title.trim() })
  })
  app.delete("/sessions/:id", async (context) => {
    const forget = flagOf(context, "permanent")
    const release = flagOf(context, "cleanupWorkspace")
    const session = findSession(hub, context.req.param("id"))
    const { instance } = viewOf(parts, session)
    await endAndWait(hub, session, { release, forget, by: askedBy(context) })
    const message = forget ? "Session permanently deleted" : "Session terminated"
    return context.json({ message, sessionId: context.req.param("id"), instanceId: instance })
  })
}

export const viewOf = ({ hub }: WeaveParts, session: Session): SessionView => viewSession(hub.state, session, hub.live, hub.parts.clock.now())

export const objectOf = ({ about }: WeaveParts, view: SessionView): SessionObject => sessionObject(view, about().version)

function listSessions(context: Context, { hub }: WeaveParts): Response {
  const limit = numberOf(context, "limit", { least: 1, most: 1_000, otherwise: 100 })
  const offset = numberOf(context, "offset", { least: 0, most: 999_999_999, otherwise: 0 })
  const wanted = statusesOf(context)
  const views = viewSessions(hub.state, hub.live, hub.parts.clock.now())
  const standing = standings(hub.state, views)
  const items = views.flatMap((view) => {
    const of = standing.get(view.id)
    return of === undefined || (wanted !== null && !wanted.has(of.status)) ? [] : [listItem(view, of, hub.parts.places.nameOf(view.workspace))]
  })
  context.header("x-total-count", String(items.length))
  context.header("x-limit", String(limit))
  context.header("x-offset", String(offset))
  return context.json(items.slice(offset, offset + limit))
}

/** Several values, by commas or one parameter each; null: all. */
function statusesOf(context: Context): ReadonlySet<string> | null {
  const named = (context.req.queries("status") ?? []).flatMap((one) => one.split(",")).filter((one) => one !== "")
  const known: readonly string[] = sessionStatuses
  const odd = named.find((one) => !known.includes(one))
  if (odd !== undefined) throw badInput("status is not usable", `${JSON.stringify(odd.slice(0, 40))} is none`, `send some of ${known.join(",")}`)
  return named.length === 0 ? null : new Set(named)
}

/** Root first. */
function ancestorsOf({ hub }: WeaveParts, view: SessionView): object[] {
  const line: object[] = []
  let { parent } = view
  while (parent !== null && line.length < ancestorsMax) {
    const above = viewSessionOrNull(hub, parent)
    if (above === null) break
    line.unshift({ dbId: above.id, instanceId: above.instance, opencodeSessionId: shownId(above), title: above.title })
    ;({ parent } = above)
  }
  return line
}

/** A parent may have been deleted meanwhile. */
function viewSessionOrNull(hub: WeaveParts["hub"], name: string): SessionView | null {
  try {
    return findView(hub, name)
  } catch {
    return null
  }
}

const noDirectory = fault("directory-required", "directory is required", "it is missing, or no text", "send the absolute path of a directory")
const noTitle = fault("title-required", "title is required", "it is missing, empty, or no text", 'send {"title":"…"}')
