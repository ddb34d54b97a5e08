/** One turn of the scripted agent: the stage on which a script is performed, told to the client as ACP updates. */
import { methods, RequestError, type AgentContext, type PromptResponse, type RequestPermissionRequest, type SessionUpdate } from "@agentclientprotocol/sdk"
import { perform, ProviderFailure, type Stage, type Tool } from "./perform.ts"
import { holdsConflictNote, parseScript } from "./script.ts"
import type { Conversation, Conversations } from "./sessions.ts"

/** What the program around the agent does for it. */
export interface World {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Breaks stdout off in the middle of a message. */
  breakOff(): void
  exit(code: number): never
}

export interface LiveSession {
  readonly conversation: Conversation
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly resumed: boolean
  mode: "script" | "ask"
  running: { readonly stop: AbortController; readonly ended: Promise<unknown> } | null
}

/** What the agent says it can hold, for `usage_update`. */
const contextTokens = 200_000

export async function runTurn(
  session: LiveSession,
  text: string,
  signal: AbortSignal,
  client: AgentContext,
  conversations: Conversations,
  world: World,
): Promise<PromptResponse> {
  const telling = new Telling(session.conversation.id, client)
  const usage = { inputTokens: 0, outputTokens: 0, totalTokens: 0 }
  // The acknowledgement: this turn runs, whatever becomes of it.
  telling.tell({ sessionUpdate: "session_info_update", updatedAt: new Date().toISOString() })
  const stage = stageOf({ session, signal, client, conversations, world, telling, usage })
  try {
    const conflict = holdsConflictNote(text)
    await perform(parseScript(text, { attempt: stage.attempt, resumed: session.resumed, conflict }), stage)
  } catch (error) {
    if (!signal.aborted) throw requestError(error)
  } finally {
    session.conversation.turns.push({ prompt: text, said: telling.said })
    await conversations.save(session.conversation)
    await telling.told()
  }
  // `usage` is in the protocol's unstable part; agents send it all the same.
  return Object.assign({ stopReason: signal.aborted ? ("cancelled" as const) : ("end_turn" as const) }, { usage })
}

interface Turning {
  readonly session: LiveSession
  readonly signal: AbortSignal
  readonly client: AgentContext
  readonly conversations: Conversations
  readonly world: World
  readonly telling: Telling
  readonly usage: { inputTokens: number; outputTokens: number; totalTokens: number }
}

function stageOf(turning: Turning): Stage {
  const { session, signal, world, telling, usage } = turning
  return {
    cwd: session.conversation.cwd,
    environment: session.environment,
    turn: session.conversation.turns.length + 1,
    attempt: Number(session.environment["FLEET_ATTEMPT"] ?? 1) || 1,
    signal,
    say: (text) => telling.tell({ sessionUpdate: "agent_message_chunk", content: { type: "text", text } }),
    think: (text) => telling.tell({ sessionUpdate: "agent_thought_chunk", content: { type: "text", text } }),
    toolStarted: async (tool) => telling.tell({ sessionUpdate: "tool_call", status: "pending", ...toolCall(tool) }),
    toolEnded: async (tool, ran) => telling.toolEnded(tool, ran.passed, ran.output),
    allowed: (tool, must) => (must || session.mode === "ask" ? ask(turning, tool) : Promise.resolve(true)),
    used: (input, output) => {
      usage.inputTokens += input
      usage.outputTokens += output
      usage.totalTokens += input + output
      telling.tell({ sessionUpdate: "usage_update", used: usage.totalTokens, size: contextTokens })
    },
    failedBefore: (marker) => countFailure(turning, marker),
    drop: async () => {
      await telling.told()
      world.breakOff()
      return new Promise<never>(() => undefined)
    },
    exit: async (code) => {
      await telling.told()
      return world.exit(code)
    },
  }
}

async function ask({ session, signal, client, telling }: Turning, tool: Tool): Promise<boolean> {
  await telling.told()
  const request: RequestPermissionRequest = {
    sessionId: session.conversation.id,
    toolCall: { ...toolCall(tool), status: "pending" },
    options: [
      { optionId: "allow", name: "Allow", kind: "allow_once" },
      { optionId: "reject", name: "Reject", kind: "reject_once" },
    ],
  }
  const answer = await client.request(methods.client.session.requestPermission, request, { cancellationSignal: signal, stopWaitingOnCancel: true })
  return answer.outcome.outcome === "selected" && answer.outcome.optionId === "allow"
}

async function countFailure({ session, conversations }: Turning, marker: string): Promise<number> {
  const before = session.conversation.failures[marker] ?? 0
  session.conversation.failures[marker] = before + 1
  await conversations.save(session.conversation)
  return before
}

function toolCall(tool: Tool) {
  const locations = tool.path === null ? [] : [{ path: tool.path }]
  const rawInput = tool.command === null ? { path: tool.path } : { command: tool.command }
  return { toolCallId: tool.id, title: tool.title, kind: tool.kind, locations, rawInput }
}

function requestError(error: unknown): RequestError {
  if (error instanceof RequestError) return error
  if (!(error instanceof ProviderFailure)) return new RequestError(-32603, error instanceof Error ? error.message : String(error))
  return new RequestError(-32603, error.message, { status: error.status, retry_after: error.retryAfter })
}

/** Sends updates in order and remembers what was said. */
class Telling {
  readonly #session: string
  readonly #client: AgentContext
  #last: Promise<unknown> = Promise.resolve()
  said = ""

  constructor(session: string, client: AgentContext) {
    this.#session = session
    this.#client = client
  }

  tell(update: SessionUpdate): void {
    if (update.sessionUpdate === "agent_message_chunk" && update.content.type === "text") this.said += update.content.text
    const told = this.#client.notify(methods.client.session.update, { sessionId: this.#session, update })
    // A client that is gone ends the process; nobody else needs to hear of it.
    this.#last = Promise.all([this.#last, told.catch(() => undefined)])
  }

  toolEnded(tool: Tool, passed: boolean, output: string): void {
    const content = output === "" ? [] : [{ type: "content" as const, content: { type: "text" as const, text: output } }]
    this.tell({ sessionUpdate: "tool_call_update", toolCallId: tool.id, status: passed ? "completed" : "failed", content })
  }

  async told(): Promise<void> {
    await this.#last
  }
}
