/** The shape of a plan as people write it in plan.yaml, plan.json and, field by field, in plan.md. Published as schema/plan.json. */
import { z } from "zod"

const text = (most: number): z.ZodString => z.string().max(most)
const list = <T extends z.ZodType>(item: T, most: number, what: string) =>
  z.union([item, z.array(item).max(most)], { error: `must be ${what} or a list of at most ${most}` })
const minutes = z.union([z.number().min(0).max(100_000), z.string().regex(/^\d+(\.\d+)?\s*(s|m|min|h)$/)], {
  error: 'must be a number of minutes, or a text like "90s", "30m" or "2h"',
})
const id = z.union([z.string().min(1).max(200), z.int().min(0)], { error: 'must be a text (quote it when it looks like a number: "1.1")' })
const command = text(10_000)

const shared = {
  scope: list(text(2_000), 200, "a path or pattern")
    .optional()
    .describe(
      "Paths and patterns that the task writes, relative to the repository: `src/api`, `src/**/*.ts`, `{a,b}/x.md`. A trailing ` (read-only)` marks what it only reads. Tasks whose write scopes overlap never run at once.",
    ),
  agent: text(200).optional().describe("Name of the agent that does it; default: the run's."),
  model: text(200).optional().describe("Model for the agent; default: the agent's own."),
  type: z
    .enum(["skill", "research", "build"])
    .optional()
    .describe("Decides the default timeout (skill 10 min, research 15, build 30) and whether a commit is expected (all but research). Default: build."),
  role: text(200).optional().describe("Role that the agent is told to take."),
  group: text(200).optional().describe("Name under which lists show it."),
  domain: text(200).optional().describe("Field of work, for example frontend."),
  effort: text(200).optional().describe("Reasoning effort, as the agent names it."),
  checks: list(command, 100, "a command").optional().describe("Commands that prove the task in its own workspace."),
  timeout: minutes.optional().describe("Minutes, or a text like `90s`, `30m`, `2h`, after which an attempt is ended."),
  retries: z.int().min(0).max(100).optional().describe("Further attempts after the first."),
  gate: z.enum(["none", "human"]).optional().describe("`human`: someone must approve before it starts."),
  priority: z.number().optional().describe("Higher goes first among tasks of the same critical path. Default: 0."),
}

export const taskSchema = z.strictObject({
  id: id.optional().describe("Up to 64 letters, digits, dots, dashes and underscores. Default: made from the title."),
  title: text(1_000).optional().describe("One line for lists. Default: the first line of the prompt."),
  prompt: text(1_000_000).optional().describe("The complete work order for the agent. Default: the title."),
  after: list(id, 2_000, "a task's id").optional().describe("Ids of the tasks that must have landed first."),
  ...shared,
  estimate: minutes.optional().describe("Guess of the working time, for the order of starts. Default: skill 5, research 8, build 15 minutes."),
  tags: z.record(z.string(), z.string()).optional().describe("Anything else, kept as it is."),
  done: z.boolean().optional().describe("Already done: needs nothing, and others need not wait for it."),
})

export const defaultsSchema = z.strictObject(shared)

export const planSchema = z.strictObject({
  $schema: z.string().optional().describe("For editors: the address of this schema."),
  version: z.literal(1).optional().describe("Of the format."),
  goal: text(1_000).optional().describe("What the whole plan is for, in a line. Names the run. Default: the file's name."),
  setup: command.optional().describe("Command that makes a fresh workspace usable, for example `npm ci`."),
  guardrails: list(text(10_000), 100, "a sentence").optional().describe("Sentences that every task's prompt ends with."),
  checks: list(command, 100, "a command").optional().describe("Commands that must pass on the merged result before anything lands."),
  defaults: defaultsSchema.optional().describe("Used for every task that does not say otherwise."),
  tasks: z.array(taskSchema).describe("The work."),
})

export type WrittenTask = z.infer<typeof taskSchema>
export type WrittenDefaults = z.infer<typeof defaultsSchema>
export type WrittenPlan = z.infer<typeof planSchema>
