/** Files of a session's checkout: the tree, one to read, and a person's own edits. The worker guards the paths. */
import type { Context, Hono } from "hono"
import { fault, FaultError } from "../../../domain/fault.ts"
import { id } from "../../../domain/ids.ts"
import type { Hub } from "../../../engine/hub.ts"
import type { SessionView } from "../../../protocol/session-views.ts"
import type { FileEdit } from "../../../protocol/worker.ts"
import { findView } from "./find.ts"
import { fileBody, moveBody, readBody } from "./input.ts"
import { languageOf } from "./language.ts"
import type { WeaveParts } from "./parts.ts"
import { directoryOf } from "./shapes.ts"

export function fileRoutes(app: Hono, { hub }: WeaveParts): void {
  app.get("/sessions/:id/files", async (context) => {
    const view = findView(hub, context.req.param("id"))
    const answer = await hub.workers.ask(id(view.worker), { ask: "tree", workspace: id(view.workspace) })
    if (answer.ask !== "tree") throw new Error(`asked for a tree, answered ${answer.ask}`)
    if (answer.cut) context.header("x-files-cut", "true")
    return context.json({ root: directoryOf(view), files: answer.entries })
  })
  app.get("/sessions/:id/files/*", async (context) => {
    const view = findView(hub, context.req.param("id"))
    const answer = await hub.workers.ask(id(view.worker), { ask: "file", workspace: id(view.workspace), path: pathOf(context) })
    if (answer.ask !== "file") throw new Error(`asked for a file, answered ${answer.ask}`)
    const { path, content, size } = answer.file
    const isSvg = path.toLowerCase().endsWith(".svg")
    const kind = { isBinary: content === null, isImage: isSvg || /\.(png|jpe?g|gif|webp|bmp|ico)$/i.test(path), isSvg }
    return context.json({ path, content, size, language: content === null ? null : languageOf(path), ...kind })
  })
  app.post("/sessions/:id/files/*", async (context) => {
    const view = findView(hub, context.req.param("id"))
    const path = pathOf(context)
    const body = await readBody(context, fileBody)
    const isDirectory = !("content" in body)
    await edit(hub, view, isDirectory ? { kind: "directory", path } : { kind: "write", path, content: body.content })
    return context.json({ success: true, path, ...(isDirectory ? { type: "directory" } : {}) })
  })
  app.delete("/sessions/:id/files/*", async (context) => {
    const path = pathOf(context)
    await edit(hub, findView(hub, context.req.param("id")), { kind: "delete", path })
    return context.json({ success: true, path })
  })
  app.patch("/sessions/:id/files/*", async (context) => {
    const view = findView(hub, context.req.param("id"))
    const path = pathOf(context)
    const { newPath } = await readBody(context, moveBody)
    await edit(hub, view, { kind: "rename", path, to: newPath })
    return context.json({ success: true, oldPath: path, newPath })
  })
}

async function edit(hub: Hub, view: SessionView, wanted: FileEdit): Promise<void> {
  await hub.workers.ask(id(view.worker), { ask: "edit", workspace: id(view.workspace), edit: wanted })
}

/** As it came, decoded once: whether it is allowed is not decided here. */
function pathOf({ req }: Context): string {
  const marker = "/files/"
  const raw = req.path.slice(req.path.indexOf(marker) + marker.length)
  try {
    return decodeURIComponent(raw)
  } catch {
    throw new FaultError(fault("path-denied", "the path cannot be used", "it is not well encoded", "encode it as UTF-8 with %"))
  }
}
