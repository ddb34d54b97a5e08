/** What is true of the whole: sums, who this fleet is, which version, and what of the original's desktop there is (nothing, which is said). */
import type { Hono } from "hono"
import { viewSessions } from "../../../engine/views/session.ts"
import { notOffered } from "./answers.ts"
import { mustBeOwner } from "./find.ts"
import type { WeaveParts } from "./parts.ts"
import { installedSkills } from "./skills.ts"
import { tokensOf } from "./shapes.ts"
import { standings } from "./standing.ts"

export function fleetRoutes(app: Hono, { hub, about, settings }: WeaveParts): void {
  app.get("/fleet/summary", (context) => {
    const views = viewSessions(hub.state, hub.live, hub.parts.clock.now())
    const standing = standings(hub.state, views)
    const count = (...statuses: string[]): number => views.filter((view) => statuses.includes(standing.get(view.id)?.status ?? "")).length
    return context.json({
      activeSessions: count("active", "waiting_input"),
      idleSessions: count("idle"),
      totalTokens: views.reduce((sum, view) => sum + tokensOf(view), 0),
      totalCost: views.reduce((sum, view) => sum + (view.usage.costUsd ?? 0), 0),
      // Prompts that were not handed to their agent yet.
      queuedTasks: views.reduce((sum, view) => sum + (view.task === null ? view.waiting : 0), 0),
    })
  })
  app.get("/fleet/identity", (context) => {
    const { name, description } = settings
    return context.json({ name, version: about().version, description, capabilities: ["worktree", "clone", "existing"] })
  })
  // Nobody is asked for a newer one: what is latest is not known.
  app.get("/version", (context) => context.json({ version: about().version, latest: null, updateAvailable: false, checkedAt: null, channel: "stable" }))
  app.get("/profile", (context) => context.json({ name: "default", isDefault: true }))
  app.get("/available-tools", (context) => context.json({ tools: [] }))
  app.post("/open-directory", () => {
    throw notOffered("no program is opened from here", "the hub has no desktop", "open the directory yourself: workspaceDirectory of GET /api/sessions")
  })
  for (const route of ["/integrations", "/integrations/*"])
    app.all(route, () => {
      throw notOffered(
        "no other service is signed in to from here",
        "agents have the person's own tools, as gh",
        "send the issue as context of POST /api/sessions",
      )
    })
  app.all("/auth/*", () => {
    throw notOffered("there is no login", "a program of this machine needs none", "all others send the token of the hub: Authorization: Bearer …")
  })
  settingRoutes(app, { settings })
}

function settingRoutes(app: Hono, { settings }: Pick<WeaveParts, "settings">): void {
  const { file, models } = settings.config
  app.get("/config", async (context) => {
    const agents = Object.fromEntries(Object.entries(models).map(([agent, model]) => [agent, { model, skills: [] }]))
    return context.json({ agents, tools: {}, userConfig: { agents }, installedSkills: await installedSkills(settings), paths: { userConfig: file } })
  })
  app.put("/config", (context) => {
    mustBeOwner(context)
    throw notOffered(
      "the configuration is not changed from here",
      "worker and hub read it when they start",
      `edit ${file}, then: fleet hub stop, and the next command starts both anew`,
    )
  })
}
