/** The scripted agent's ACP side: sessions, modes, turns. What a turn does is in `perform.ts`. */
import { randomUUID } from "node:crypto"
import {
  agent,
  methods,
  RequestError,
  type AgentApp,
  type AgentContext,
  type PromptRequest,
  type PromptResponse,
  type SessionModeState,
} from "@agentclientprotocol/sdk"
import { Conversations, type Conversation } from "./sessions.ts"
import { runTurn, type LiveSession, type World } from "./turn.ts"

export interface ScriptedAgentOptions extends World {
  /** Where conversations are kept. */
  readonly directory: string
  readonly version: string
  /** Offers `session/load` only, which replays the conversation, and not `session/resume`. */
  readonly loadOnly: boolean
}

const modes: SessionModeState["availableModes"] = [
  { id: "script", name: "Script", description: "Asks only where the script says so" },
  { id: "ask", name: "Ask", description: "Asks before every change and command" },
]

export interface ScriptedAgent {
  readonly app: AgentApp
  /** Ends every turn. Resolves when they have ended. */
  stop(): Promise<void>
}

export function scriptedAgent(options: ScriptedAgentOptions): ScriptedAgent {
  const conversations = new Conversations(options.directory)
  const live = new Map<string, LiveSession>()
  const open = (conversation: Conversation, resumed: boolean, meta: unknown): SessionModeState => {
    live.set(conversation.id, { conversation, mode: "script", resumed, environment: { ...options.environment, ...environmentOf(meta) }, running: null })
    return { currentModeId: "script", availableModes: modes }
  }
  const known = async (id: string): Promise<Conversation> => {
    const found = await conversations.find(id)
    if (found === null) throw RequestError.resourceNotFound(id)
    return found
  }
  const app = agent({ name: "scripted" })
    .onRequest(methods.agent.initialize, () => ({
      protocolVersion: 1,
      agentInfo: { name: "scripted", version: options.version },
      agentCapabilities: { loadSession: true, sessionCapabilities: options.loadOnly ? {} : { resume: {}, close: {} } },
    }))
    .onRequest(methods.agent.session.new, async ({ params }) => {
      const conversation: Conversation = { id: randomUUID(), cwd: params.cwd, turns: [], failures: {} }
      await conversations.save(conversation)
      return { sessionId: conversation.id, modes: open(conversation, false, params._meta) }
    })
    .onRequest(methods.agent.session.load, async ({ params, client }) => {
      const conversation = await known(params.sessionId)
      await replay(conversation, client)
      return { modes: open({ ...conversation, cwd: params.cwd }, true, params._meta) }
    })
    .onRequest(methods.agent.session.setMode, ({ params }) => {
      const session = sessionOf(live, params.sessionId)
      if (!modes.some((mode) => mode.id === params.modeId)) throw RequestError.invalidParams(undefined, `there is no mode "${params.modeId}"`)
      session.mode = params.modeId === "ask" ? "ask" : "script"
    })
    .onNotification(methods.agent.session.cancel, ({ params }) => live.get(params.sessionId)?.running?.stop.abort())
    .onRequest(methods.agent.session.prompt, ({ params, client }) => prompt(sessionOf(live, params.sessionId), params, client, conversations, options))
  if (!options.loadOnly) {
    app.onRequest(methods.agent.session.resume, async ({ params }) => {
      const conversation = await known(params.sessionId)
      return { modes: open({ ...conversation, cwd: params.cwd }, true, params._meta) }
    })
    app.onRequest(methods.agent.session.close, async ({ params }) => {
      await stopTurn(sessionOf(live, params.sessionId))
      live.delete(params.sessionId)
    })
  }
  return { app, stop: async () => void (await Promise.all([...live.values()].map(stopTurn))) }
}

async function prompt(session: LiveSession, params: PromptRequest, client: AgentContext, conversations: Conversations, world: World): Promise<PromptResponse> {
  if (session.running !== null) throw RequestError.invalidRequest(undefined, "a turn is running in this session")
  const text = params.prompt.map((block) => (block.type === "text" ? block.text : "")).join("\n")
  const stop = new AbortController()
  const ended = runTurn(session, text, stop.signal, client, conversations, world)
  session.running = { stop, ended: ended.then(nothing, nothing) }
  try {
    return await ended
  } finally {
    session.running = null
  }
}

const nothing = (): undefined => undefined

async function stopTurn(session: LiveSession): Promise<void> {
  session.running?.stop.abort()
  await session.running?.ended
}

function sessionOf(live: ReadonlyMap<string, LiveSession>, id: string): LiveSession {
  const session = live.get(id)
  if (session === undefined) throw RequestError.resourceNotFound(id)
  return session
}

async function replay(conversation: Conversation, client: AgentContext): Promise<void> {
  for (const turn of conversation.turns) {
    for (const [sessionUpdate, text] of [["user_message_chunk", turn.prompt] as const, ["agent_message_chunk", turn.said] as const]) {
      await client.notify(methods.client.session.update, { sessionId: conversation.id, update: { sessionUpdate, content: { type: "text", text } } })
    }
  }
}

/** A client that hosts several sessions in one process hands each one's environment over: a process has only one. */
function environmentOf(meta: unknown): Record<string, string> {
  const given = (meta as { fleet?: { environment?: unknown } } | null | undefined)?.fleet?.environment
  if (typeof given !== "object" || given === null) return {}
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => typeof entry[1] === "string"))
}
