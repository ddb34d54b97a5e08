/** Tools to make sessions, to prompt them, and to list them. */
import { z } from "zod"
import { fault, FaultError } from "../../../domain/fault.ts"
import { cursor, limitOf, line, nextCursor } from "../bounds.ts"
import { directoryOf } from "../directory.ts"
import { sessionOf, type FleetForAgents } from "../fleet-for-agents.ts"
import { sessionLine, sessionShape, shapeSession } from "../shapes.ts"
import { defineTool, kinds, type Tool } from "../tool.ts"

export const sessionName = z.string().min(1).max(200).describe("handle of the session, or a unique beginning of it")
const prompt = z.string().min(1).max(1_000_000)
const optional = (most: number): z.ZodDefault<z.ZodNullable<z.ZodString>> => z.string().max(most).nullable().default(null)

const createSession = defineTool({
  name: "create_session",
  title: "Give work to another agent",
  description:
    "Start another agent in a conversation of its own, by default in a new git worktree and branch from what is checked out where you work. With a prompt it begins at once. Answers when the agent is open, not when it is done: then call wait. Its work stays on its branch; nothing is merged by itself.",
  input: z.strictObject({
    title: z.string().min(1).max(200).describe("what it is for, in a few words"),
    prompt: prompt
      .nullable()
      .default(null)
      .describe("the complete work order: the agent sees nothing of your conversation; say which files it may touch, and to commit"),
    directory: optional(4_096).describe("absolute path of the checkout it starts from; default: where you work"),
    strategy: z
      .enum(["worktree", "clone", "existing"])
      .default("worktree")
      .describe("existing: it works in the directory itself, beside whoever else is there"),
    branch: optional(200).describe("name of the new branch, or of one that is there; default: made up"),
    base: optional(200).describe("branch or commit that a new branch starts from"),
    agent: optional(100).describe("which agent; default: yours, else the person's"),
    model: optional(200),
    notify: z
      .boolean()
      .default(true)
      .describe("tell your own session when a turn of it has ended, by a prompt that begins [Fleet Callback]; only where you are a session of Fleet yourself"),
    timeout_minutes: z.number().min(0.1).max(10_080).nullable().default(null).describe("of one turn"),
  }),
  output: sessionShape.extend({ notifies: z.string().nullable().describe("session that is told when a turn of it has ended") }),
  annotations: kinds.startsAgents,
  call: async (fleet, { title, directory, prompt: text, notify, timeout_minutes, ...rest }) => {
    const told = notify ? await callable(fleet) : null
    const view = await fleet.createSession({
      ...rest,
      title,
      directory: directoryOf(fleet, directory),
      parent: null,
      notify: told,
      prompt: text === null ? null : { text, attachments: [], model: null, mode: null },
      timeoutMinutes: timeout_minutes,
    })
    const session = shapeSession(view)
    const next = text === null ? `give it its work with prompt_session` : `wait with session "${session.session}", or go on with your own work`
    return {
      data: { ...session, notifies: view.notify },
      text: `${sessionLine(session)}\nIt works in ${session.directory ?? "?"}. Next: ${next}.${told === null ? "" : " You are told by a [Fleet Callback] prompt when it is done."}`,
      links: linksOf(session.session),
    }
  },
})

const promptSession = defineTool({
  name: "prompt_session",
  title: "Prompt another agent",
  description:
    "Give a session its next prompt: more work, a correction, or another try after a failure. It has its whole conversation before it. A prompt to one that works waits for its turn; one that sleeps or has ended is woken.",
  input: z.strictObject({ session: sessionName, prompt, model: optional(200).describe("for this turn only") }),
  output: sessionShape,
  annotations: kinds.startsAgents,
  call: async (fleet, { session: name, prompt: text, model }) => {
    await fleet.promptSession(name, { text, attachments: [], model, mode: null })
    const session = shapeSession(await fleet.session(name))
    return {
      data: session,
      text: `The prompt is taken. ${sessionLine(session)}\nNext: wait with session "${session.session}".`,
      links: linksOf(session.session),
    }
  },
})

const listSessions = defineTool({
  name: "list_sessions",
  title: "Sessions",
  description: "List sessions, newest first, with what each does and how its last turn ended.",
  input: z.strictObject({
    of: z.enum(["all", "mine"]).default("all").describe("mine: the children of your own session"),
    status: sessionShape.shape.status.nullable().default(null),
    limit: limitOf(15, 25),
    cursor,
  }),
  output: z.object({
    you: z.string().nullable().describe("your own session, when you are one of Fleet's"),
    sessions: z.array(sessionShape),
    next_cursor: nextCursor,
  }),
  annotations: kinds.looks,
  call: async (fleet, { of, status, limit, cursor: from }) => {
    const self = await sessionOf(fleet)
    if (of === "mine" && self === null)
      throw new FaultError(fault("not-a-session", "you have no children here", "you are not the agent of a session of Fleet", "list all of them: of: all"))
    const { items, next } = await fleet.sessions({ cursor: from, limit }, { status, parent: of === "mine" ? self : null })
    const sessions = items.map((view) => shapeSession(view, 120))
    const text = [
      ...(self === null ? [] : [`You are session ${self}.`]),
      ...(sessions.length === 0 ? ["There are no such sessions."] : sessions.map(sessionLine)),
      ...(next === null ? [] : [`(more: cursor "${next}")`]),
    ]
    return { data: { you: self, sessions, next_cursor: next }, text: text.join("\n") }
  },
})

export const sessionTools: readonly Tool[] = [createSession, promptSession, listSessions]

/** A session that works for a task ends with its turn, so it cannot be called back. */
async function callable(fleet: FleetForAgents): Promise<string | null> {
  const self = await sessionOf(fleet)
  if (self === null) return null
  const own = await fleet.session(self).catch(() => null)
  return own === null || own.task !== null ? null : own.id
}

const linksOf = (session: string): { uri: string; name: string; mimeType: string }[] => [
  { uri: `fleet://sessions/${session}/transcript`, name: line(`transcript of ${session}`), mimeType: "text/plain" },
  { uri: `fleet://sessions/${session}/diff`, name: line(`diff of ${session}`), mimeType: "text/x-diff" },
]
