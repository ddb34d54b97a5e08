/** Tools for what waits for the person: the list, and the answer, which only the person's own client may give. */
import { z } from "zod"
import { fault, FaultError } from "../../../domain/fault.ts"
import { cursor, cursorOf, fit, limitOf, nextCursor, placeOf } from "../bounds.ts"
import { approvalLine, approvalShape, shapeApproval } from "../shapes.ts"
import { defineTool, kinds, type Tool } from "../tool.ts"

const listNeedsYou = defineTool({
  name: "list_needs_you",
  title: "What waits for the person",
  description:
    "List the questions that wait for a person: permissions that agents ask for, scopes, gates, landings; whether a campaign starts or goes on after a wave in which all failed, and which strategy is picked (compare_strategies; fleet pick). Show them to the person; do not answer for them.",
  input: z.strictObject({ limit: limitOf(20, 50), cursor }),
  output: z.object({ questions: z.array(approvalShape), total: z.number().int(), next_cursor: nextCursor }),
  annotations: kinds.looks,
  call: async (fleet, { limit, cursor: place }) => {
    const all = (await fleet.approvals()).map(shapeApproval)
    const { items: questions, next } = fit(all, placeOf(place), limit)
    const text = [
      ...(questions.length === 0 ? ["Nothing waits for the person."] : questions.map(approvalLine)),
      ...(next === null ? [] : [`(more: cursor "${next}")`]),
    ]
    return { data: { questions, total: all.length, next_cursor: cursorOf(next) }, text: text.join("\n") }
  },
})

const answer = defineTool({
  name: "answer",
  title: "Give the person's answer",
  description:
    "Give the person's answer to a question of list_needs_you, after the person has said it to you. Agents that run inside of Fleet may not: the answer is a refusal.",
  input: z.strictObject({
    approval: z.string().min(1).max(200).describe("handle of the question"),
    allow: z.boolean(),
    note: z.string().max(10_000).nullable().default(null).describe("told to the agent that asked"),
  }),
  output: approvalShape.extend({ allowed: z.boolean() }),
  annotations: { ...kinds.ends, openWorldHint: true },
  call: async (fleet, { approval, allow, note }) => {
    const caller = await fleet.caller()
    if (caller.kind === "agent")
      throw new FaultError(
        fault(
          "not-allowed",
          "an agent may not answer for the person",
          `you are ${caller.session === null ? "an agent that Fleet runs" : `the agent of session ${caller.session}`}`,
          "go on without it, or end your turn: the person sees the question in `fleet inbox`",
        ),
      )
    const answered = await fleet.answer(approval, allow, note)
    const shape = shapeApproval(answered)
    return { data: { ...shape, allowed: answered.answer?.allow ?? allow }, text: `${allow ? "Allowed" : "Denied"}: ${approvalLine(shape)}` }
  },
})

export const peopleTools: readonly Tool[] = [listNeedsYou, answer]
