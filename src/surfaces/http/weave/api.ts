/** The compatible Fleet API: parse in, ask the engine, answer in the contract's shapes. Who may come in is decided at the door, before it. */
import { Hono } from "hono"
import { fault, FaultError } from "../../../domain/fault.ts"
import { activityRoutes } from "./activity.ts"
import { answerError } from "./answers.ts"
import { compressed } from "./compression.ts"
import { diffRoutes } from "./diffs.ts"
import { eventRoutes } from "./events.ts"
import { Streams } from "./feed.ts"
import { fileRoutes } from "./files.ts"
import { fleetRoutes } from "./fleet.ts"
import { instanceRoutes } from "./instances.ts"
import { messageRoutes } from "./messages.ts"
import type { WeaveParts } from "./parts.ts"
import { placeRoutes } from "./places.ts"
import { repositoryRoutes } from "./repositories.ts"
import { sessionRoutes } from "./sessions.ts"
import { skillRoutes } from "./skills.ts"
import { turnRoutes } from "./turns.ts"

/** To be mounted under `/api`. */
export function weaveApi(parts: WeaveParts): Hono {
  const app = new Hono()
  app.onError((error, context) => answerError(context, error))
  app.use(compressed())
  // Pages of other origins are not let in, so nothing is allowed to them here either.
  app.options("*", (context) => context.body(null, 204))
  const whole = { ...parts, streams: new Streams() }
  for (const routes of groups) routes(app, whole)
  app.all("*", ({ req }) => {
    throw new FaultError(fault("not-found", `there is no ${req.method} ${req.path}`, "the API has no such route", "the routes are in docs/contracts/weave.md"))
  })
  return app
}

const groups = [
  sessionRoutes,
  turnRoutes,
  messageRoutes,
  diffRoutes,
  eventRoutes,
  fileRoutes,
  activityRoutes,
  fleetRoutes,
  instanceRoutes,
  placeRoutes,
  repositoryRoutes,
  skillRoutes,
] as const
