/** `/api/activity-stream`: which session is busy and what it has used, of all sessions, as it changes. */
import type { Hono } from "hono"
import { viewSessions } from "../../../engine/views/session.ts"
import type { Clock } from "../../../runtime/clock.ts"
import type { Weave } from "./parts.ts"
import { shownId, tokensOf } from "./shapes.ts"
import { standings } from "./standing.ts"

/** A burst of events is one look. */
const restMs = 100

export function activityRoutes(app: Hono, { hub, streams }: Weave): void {
  app.get("/activity-stream", (context) => {
    const told = new Map<string, string>()
    return streams.feed<never>(context, hub.parts.clock, {
      subscribe: (waiting) => {
        const published = hub.published.subscribe(() => waiting.wake())
        const stirred = hub.stirred.subscribe(() => waiting.wake())
        return {
          [Symbol.dispose]: () => {
            published[Symbol.dispose]()
            stirred[Symbol.dispose]()
          },
        }
      },
      tell: async (_things, write) => {
        await rest(hub.parts.clock)
        const tell = async (key: string, data: object): Promise<void> => {
          const text = JSON.stringify(data)
          if (told.get(key) === text) return
          told.set(key, text)
          await write(data)
        }
        const views = viewSessions(hub.state, hub.live, hub.parts.clock.now())
        const standing = standings(hub.state, views)
        forgetDeleted(told, new Set(views.map((view) => view.id)))
        for (const view of views) {
          const sessionId = shownId(view)
          const activityStatus = standing.get(view.id)?.activity ?? "idle"
          await tell(`activity ${view.id}`, { type: "activity_status", payload: { sessionId, instanceId: view.instance, activityStatus } })
          const totalTokens = tokensOf(view)
          if (totalTokens > 0)
            await tell(`tokens ${view.id}`, { type: "token_update", payload: { sessionId, totalTokens, totalCost: view.usage.costUsd ?? 0 } })
        }
        return "more"
      },
    })
  })
}

function rest(clock: Clock): Promise<void> {
  return new Promise((resolve) => clock.after(restMs, resolve))
}

function forgetDeleted(told: Map<string, string>, sessions: ReadonlySet<string>): void {
  for (const key of told.keys()) if (!sessions.has(key.slice(key.indexOf(" ") + 1))) told.delete(key)
}
