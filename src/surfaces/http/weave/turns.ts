/** What can be asked of a session: a prompt, a command, to stop, to go on, to be copied; and whether it works. */
import type { Hono } from "hono"
import { findSession, openNewSession, givePrompt, reopenSession, untitled } from "../../../engine/sessions.ts"
import { plainPrompt, titleOf } from "./create.ts"
import { askedBy, findSomebody, findView } from "./find.ts"
import { attachmentsOf, commandBody, forkBody, modelOf, promptBody, readBody } from "./input.ts"
import type { WeaveParts } from "./parts.ts"
import { objectOf, viewOf } from "./sessions.ts"
import { standingOf } from "./standing.ts"

export function turnRoutes(app: Hono, parts: WeaveParts): void {
  const { hub } = parts
  app.post("/sessions/:id/prompt", async (context) => {
    const { id: session } = findSomebody(hub, context.req.param("id"), "the id in the path")
    const { text, attachments, agent, model } = await readBody(context, promptBody)
    const prompt = { text: text ?? "", attachments: attachmentsOf(attachments), model: modelOf(model), mode: agent ?? null }
    await givePrompt(hub, session, prompt, askedBy(context))
    return context.body(null, 204)
  })
  app.post("/sessions/:id/command", async (context) => {
    const { id: session } = findSomebody(hub, context.req.param("id"), "the id in the path")
    const { command, args, agent, model } = await readBody(context, commandBody)
    const words = [`/${command.trim().replace(/^\//, "")}`, args?.trim() ?? ""].filter((word) => word !== "")
    await givePrompt(hub, session, { ...plainPrompt(words.join(" ")), model: modelOf(model), mode: agent ?? null }, askedBy(context))
    return context.json({ success: true, sessionId: context.req.param("id") })
  })
  app.post("/sessions/:id/abort", async (context) => {
    const session = findSession(hub, context.req.param("id"))
    const { instance } = viewOf(parts, session)
    await hub.send({ type: "session.stop", session: session.id, by: askedBy(context) })
    return context.json({ message: "Session aborted", sessionId: context.req.param("id"), instanceId: instance })
  })
  app.post("/sessions/:id/resume", async (context) => {
    const view = viewOf(parts, await reopenSession(hub, context.req.param("id")))
    return context.json({ instanceId: view.instance, session: objectOf(parts, view) })
  })
  app.post("/sessions/:id/fork", async (context) => {
    const source = findView(hub, context.req.param("id"))
    const { title } = await readBody(context, forkBody)
    const wanted = { directory: source.source, title: titleOf(title) ?? untitled, strategy: "existing", agent: source.agent, model: source.model } as const
    const none = { branch: null, base: null, parent: null, notify: null, prompt: null, timeoutMinutes: null }
    const view = viewOf(parts, await openNewSession(hub, { ...wanted, ...none }, askedBy(context)))
    return context.json({
      instanceId: view.instance,
      workspaceId: view.workspace,
      session: objectOf(parts, view),
      forkedFromSessionId: context.req.param("id"),
    })
  })
  app.get("/sessions/:id/status", (context) => {
    const { activity } = standingOf(hub.state, findView(hub, context.req.param("id")))
    return context.json({ status: activity === "busy" || activity === "waiting_input" ? "busy" : "idle" })
  })
}
