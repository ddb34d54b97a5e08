/** The hub as a process, its workers, agents and projects, its milestones, and its problem documents. */
import { z } from "zod"
import type { EventView, HubView, WorkerView } from "../../views.ts"
import type { SeenAgent } from "../../worker.ts"
import { count, instant, orNull, text } from "./fields.ts"
import { planFault } from "./plan.ts"
import { sessionView } from "./session.ts"
import { runView } from "./work.ts"

export const workerView: z.ZodType<WorkerView> = z
  .object({ id: text, connected: z.boolean(), pid: z.number().int().nullable(), slots: count, busy: count, agents: z.array(text) })
  .meta({ id: "Worker" })

export const hubView: z.ZodType<HubView> = z
  .object({
    version: text,
    pid: z.number().int(),
    startedAt: instant,
    home: text,
    port: z.number().int().nullable().describe("loopback port of the API; null when it could not be had"),
    runs: z.object({ active: count, total: count }),
    needsYou: count.describe("approvals that wait for a person"),
    workers: z.array(workerView),
  })
  .meta({ id: "Hub" })

export const stopHub = z.strictObject({ worker: z.boolean().default(true).describe("false: the local worker and its agents go on") }).meta({ id: "StopHub" })
export const stoppingView = z.object({ stopping: z.literal(true) }).meta({ id: "Stopping" })
export const healthView = z.object({ ok: z.literal(true) }).meta({ id: "Health" })
export const readyView = z.object({ ready: z.boolean(), why: text.nullable() }).meta({ id: "Ready" })

export const agentView: z.ZodType<SeenAgent> = z
  .object({
    name: text,
    found: z.boolean().describe("its program is there; whether it is logged in shows when it is used"),
    install: text.describe("how to get it"),
  })
  .meta({ id: "Agent" })

export const projectView = z
  .object({
    id: text,
    repositories: z.array(
      z.object({ repository: text, runs: count.describe("all of them"), active: count.describe("runs that go on"), sessions: count.describe("not ended") }),
    ),
  })
  .meta({ id: "Project", description: "The repositories that belong together. There is one for now: `local`." })
export type ProjectView = z.infer<typeof projectView>

export const foundView = z.object({ run: text, key: text.nullable(), session: text.nullable() }).meta({ id: "Found" })

export const eventView: z.ZodType<EventView> = z
  .object({
    number: count.describe("the event number, which is the id of the server-sent event"),
    at: instant,
    type: text,
    run: text.nullable(),
    task: text.nullable(),
    session: text.nullable(),
    message: text.nullable().describe("which of the messages for its agent it is about"),
    text: text.describe("one plain line for a log"),
  })
  .meta({ id: "Event" })

export const waitView = z
  .object({
    over: z.boolean().describe("false: the time was over first; ask again"),
    run: orNull(runView),
    sessions: z.array(sessionView).describe("all that were named, as they are now"),
    rested: z.array(text).describe("those of them that wait for a prompt or a person, or have ended"),
  })
  .meta({ id: "Wait" })
export type WaitView = z.infer<typeof waitView>

export const problem = z
  .object({
    schema_version: z.literal(1),
    type: text,
    title: text,
    status: z.number().int(),
    detail: text,
    code: text.describe("what to branch on"),
    what: text,
    why: text,
    fix: text.describe("what to do about it"),
    errors: z
      .array(z.object({ path: text, message: text }))
      .optional()
      .describe("each place of the request that is wrong"),
    faults: z.array(planFault).optional().describe("what is wrong with the plan"),
  })
  .meta({ id: "Problem", description: "RFC 9457 problem details." })
