/** What a tool is, and how its answer, its refusal and its failure look to an agent. */
import type { CallToolResult, McpServer, ToolAnnotations } from "@modelcontextprotocol/server"
import type { z } from "zod"
import { fault, FaultError, type Fault } from "../../domain/fault.ts"
import { plainText } from "../../runtime/plain-text.ts"
import type { FleetForAgents } from "./fleet-for-agents.ts"

export interface Tool {
  readonly name: string
  register(server: McpServer, fleet: FleetForAgents): void
}

export interface ToolWords<In extends z.ZodObject, Out extends z.ZodObject> {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly input: In
  readonly output: Out
  readonly annotations: ToolAnnotations
  readonly call: (fleet: FleetForAgents, args: z.output<In>, signal: AbortSignal) => Promise<Told<z.input<Out>>>
}

/** `data` and `text` say the same: some clients show their model only the one, some only the other. */
export interface Told<Data> {
  readonly data: Data
  readonly text: string
  readonly links?: readonly Link[]
}
/** A resource with more of it. */
export interface Link {
  readonly uri: string
  readonly name: string
  readonly mimeType: string
}

/** Of a whole answer. */
export const answerBytesMax = 50_000
/** Of each of its two forms; links and the frame have the rest. */
export const formBytesMax = 22_000

/** looks: changes nothing. makes: adds something. sets: the same call twice is the same as once. ends: cannot be taken back. Open: agents work in the world. */
export const kinds = {
  looks: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  makes: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  sets: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  ends: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  startsAgents: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
} as const satisfies Record<string, ToolAnnotations>

export function defineTool<In extends z.ZodObject, Out extends z.ZodObject>(words: ToolWords<In, Out>): Tool {
  const { name, title, description, input, output, annotations, call } = words
  return {
    name,
    register: (server, fleet) => {
      const config = { title, description, inputSchema: input, outputSchema: output, annotations: { title, ...annotations } }
      // The parameters of a generic schema are not known here; the SDK has checked them against it.
      const run = (args: unknown, context: { mcpReq: { signal: AbortSignal } }): Promise<CallToolResult> =>
        answer(() => call(fleet, args as z.output<In>, context.mcpReq.signal), context.mcpReq.signal)
      server.registerTool<z.ZodObject, z.ZodObject>(name, config, run)
    },
  }
}

async function answer(call: () => Promise<Told<Record<string, unknown>>>, signal: AbortSignal): Promise<CallToolResult> {
  try {
    return within(await call())
  } catch (error) {
    if (signal.aborted) throw error
    return refusal(error instanceof FaultError ? error.fault : bug(error))
  }
}

function within({ data, text, links = [] }: Told<Record<string, unknown>>): CallToolResult {
  const result: CallToolResult = {
    content: [{ type: "text", text: plainText(text, { maxChars: formBytesMax }) }, ...links.map((link) => ({ type: "resource_link" as const, ...link }))],
    structuredContent: data,
  }
  const bytes = Buffer.byteLength(JSON.stringify(result))
  if (bytes <= answerBytesMax) return result
  return refusal(fault("answer-too-large", "the answer is too large", `it has ${bytes} bytes; the limit is ${answerBytesMax}`, "ask for less: a smaller limit"))
}

/** For the agent's model to read: what, why, and what to do now. */
function refusal({ code, what, why, fix }: Fault): CallToolResult {
  const text = plainText(`${what}: ${why}\nfix: ${fix}\ncode: ${code}`, { maxChars: refusalCharsMax })
  return { content: [{ type: "text", text }], isError: true }
}

const refusalCharsMax = 8_000

const bug = (error: unknown): Fault =>
  fault("bug", "the tool failed", error instanceof Error ? error.message : String(error), "try it once more; then tell the person, and report it")
