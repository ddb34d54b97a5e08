/** What waits for a person. */
import { z } from "zod"
import type { ApprovalView } from "../../views.ts"
import { instant, text } from "./fields.ts"

export const approvalView: z.ZodType<ApprovalView> = z
  .object({
    id: text,
    run: text.nullable(),
    task: text.nullable().describe("key; null for what is about a whole run; run and task are null when a session without a task asks"),
    session: text.nullable(),
    kind: z
      .enum(["permission", "scope", "gate", "landing", "start", "wave", "pick"])
      .describe("start, wave and pick are about a whole run; a pick is answered by picking a strategy"),
    question: text.describe("one line; hostile text when it comes from an agent"),
    detail: text,
    since: instant,
    holds: z.array(text).describe("keys of the tasks that wait behind it"),
    answer: z.object({ allow: z.boolean(), by: text, note: text.nullable(), at: instant }).nullable().describe("null while it is open"),
  })
  .meta({ id: "Approval" })

export const answerApproval = z
  .strictObject({ allow: z.boolean(), note: z.string().max(10_000).nullable().default(null).describe("told to the agent with the answer") })
  .meta({ id: "AnswerApproval" })
