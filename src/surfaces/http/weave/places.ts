/** Directories to choose from, the roots that sessions may work below, and names that people give to workspaces. */
import path from "node:path"
import type { Hono } from "hono"
import { fault, FaultError } from "../../../domain/fault.ts"
import { realDirectory } from "../../../engine/roots.ts"
import { viewSessions } from "../../../engine/views/session.ts"
import { titleOf } from "./create.ts"
import { mustBeOwner } from "./find.ts"
import { directoryBody, displayNameBody, readBody, rootBody } from "./input.ts"
import type { WeaveParts } from "./parts.ts"

export function placeRoutes(app: Hono, { hub, settings }: WeaveParts): void {
  const { places, directories } = hub.parts
  app.get("/workspace-roots", async (context) => {
    const roots = places.roots().map(async (root) => ({ ...root, exists: (await directories.look(root.path)).kind === "directory" }))
    return context.json({ roots: await Promise.all(roots) })
  })
  app.post("/workspace-roots", async (context) => {
    mustBeOwner(context)
    const { path: named } = await readBody(context, rootBody)
    const seen = await directories.look(named)
    if (!path.isAbsolute(named) || seen.kind === "missing") throw noDirectory(named)
    if (seen.kind === "file") throw new FaultError(fault("not-a-directory", "it is a file", `${named} is a file`, "name the directory that it is in"))
    return context.json(await places.addRoot(seen.path))
  })
  app.delete("/workspace-roots/:id", async (context) => {
    mustBeOwner(context)
    const root = context.req.param("id")
    if (await places.removeRoot(root)) return context.json({ success: true })
    throw new FaultError(fault("not-found", `there is no root ${root} that was added here`, "roots of the config stay", "GET /api/workspace-roots lists them"))
  })
  app.patch("/workspaces/:id", async (context) => {
    const workspace = context.req.param("id")
    const { displayName } = await readBody(context, displayNameBody)
    if (!viewSessions(hub.state, hub.live, 0).some((view) => view.workspace === workspace))
      throw new FaultError(fault("not-found", `there is no workspace ${workspace}`, "no session has it", "GET /api/sessions has their ids"))
    const name = titleOf(displayName)
    await places.name(workspace, name)
    return context.json({ id: workspace, displayName: name })
  })
  directoryRoutes(app, hub, settings.personHome)
}

function directoryRoutes(app: Hono, hub: WeaveParts["hub"], start: string): void {
  const { places, directories } = hub.parts
  app.get("/directories", async (context) => {
    const roots = places.roots().map((root) => root.path)
    const named = context.req.query("path") || roots[0] || start
    const current = await realDirectory(hub, named)
    const search = (context.req.query("search") ?? "").toLowerCase()
    const entries = (await directories.list(current)).filter((entry) => entry.name.toLowerCase().includes(search))
    const parent = current === "/" ? null : await realDirectory(hub, path.dirname(current)).catch(() => null)
    return context.json({ entries, currentPath: current, parentPath: parent, roots })
  })
  app.post("/directories", async (context) => {
    const { path: named } = await readBody(context, directoryBody)
    if (!path.isAbsolute(named)) throw noDirectory(named)
    const made = path.join(await realDirectory(hub, path.dirname(path.resolve(named))), path.basename(path.resolve(named)))
    await directories.make(made)
    return context.json({ success: true, path: made })
  })
}

const noDirectory = (named: string): FaultError =>
  new FaultError(fault("directory-missing", "Directory does not exist", `${JSON.stringify(named)} is no absolute path of a directory`, "check the path"))
