/** Anthropic Messages, whole and streamed. A fake: shapes follow the published `@anthropic-ai/sdk` types (`Message`, `RawMessageStreamEvent`); used with Claude Code 2.1. */
import { conversationOf, type Entry } from "./conversation.ts"
import { list, parameterNames, pieces, record, string, textOf, type Dialect, type ReplyContext, type StreamEvent } from "./dialect.ts"
import type { Reply } from "./reply.ts"

export const messages: Dialect = {
  read: (body) =>
    conversationOf(
      [{ from: "system", text: textOf(body["system"]) }, ...list(body["messages"]).flatMap(entriesOf)],
      list(body["tools"]).map((tool) => ({ name: string(record(tool)["name"]), parameters: parameterNames(record(tool)["input_schema"]) })),
    ),
  whole: (reply, context) => ({
    ...message(context),
    content: blocks(reply, context),
    stop_reason: stop(reply),
    usage: { ...usage(reply), output_tokens: reply.usage.output },
  }),
  stream: (reply, context) => [
    typed("message_start", { message: { ...message(context), content: [], stop_reason: null, usage: { ...usage(reply), output_tokens: 0 } } }),
    ...blocks(reply, context).flatMap((block, index) => blockEvents(block, index)),
    typed("message_delta", { delta: { stop_reason: stop(reply), stop_sequence: null }, usage: { output_tokens: reply.usage.output } }),
    typed("message_stop", {}),
  ],
  failure: (status, text) => ({ type: "error", error: { type: errorTypes.get(status) ?? "api_error", message: text } }),
}

const errorTypes = new Map([
  [400, "invalid_request_error"],
  [401, "authentication_error"],
  [403, "permission_error"],
  [404, "not_found_error"],
  [429, "rate_limit_error"],
  [529, "overloaded_error"],
])

type Block =
  | { readonly type: "thinking"; readonly thinking: string; readonly signature: string }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tool_use"; readonly id: string; readonly name: string; readonly input: Readonly<Record<string, unknown>> }

/** How Claude Code 2.1.329 puts what a person says to a running turn into its conversation. */
const midTurn = "The user sent a new message while you were working:"

/** A user message of this API holds text and tool results side by side. */
function entriesOf(item: unknown): Entry[] {
  const { role, content } = record(item)
  if (role === "system" && textOf(content).startsWith(midTurn)) return [{ from: "user", text: textOf(content) }]
  if (role !== "user") return []
  if (typeof content === "string") return [{ from: "user", text: content }]
  return list(content).flatMap((part): Entry[] => {
    const { type, text, content: inner } = record(part)
    if (type === "tool_result") return [{ from: "tool", text: textOf(inner) }]
    return type === "text" ? [{ from: "user", text: string(text) }] : []
  })
}

function blocks(reply: Reply, { id }: ReplyContext): Block[] {
  const made: Block[] = []
  if (reply.thought !== "") made.push({ type: "thinking", thinking: reply.thought, signature: "c2NyaXB0ZWQ=" })
  if (reply.text !== "") made.push({ type: "text", text: reply.text })
  if (reply.call !== null) made.push({ type: "tool_use", id: `toolu_${id}`, name: reply.call.name, input: reply.call.input })
  return made
}

function blockEvents(block: Block, index: number): StreamEvent[] {
  const delta = (of: object): StreamEvent => typed("content_block_delta", { index, delta: of })
  const around = (begun: object, deltas: readonly StreamEvent[]): StreamEvent[] => [
    typed("content_block_start", { index, content_block: begun }),
    ...deltas,
    typed("content_block_stop", { index }),
  ]
  switch (block.type) {
    case "thinking":
      return around({ ...block, thinking: "", signature: "" }, [
        ...pieces(block.thinking).map((thinking) => delta({ type: "thinking_delta", thinking })),
        delta({ type: "signature_delta", signature: block.signature }),
      ])
    case "text":
      return around(
        { type: "text", text: "" },
        pieces(block.text).map((text) => delta({ type: "text_delta", text })),
      )
    case "tool_use":
      return around(
        { ...block, input: {} },
        pieces(JSON.stringify(block.input)).map((partial_json) => delta({ type: "input_json_delta", partial_json })),
      )
  }
}

const message = (context: ReplyContext): object => ({ id: `msg_${context.id}`, type: "message", role: "assistant", model: context.model, stop_sequence: null })
const usage = ({ usage: { input } }: Reply): object => ({ input_tokens: input, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 })
const stop = (reply: Reply): string => (reply.call === null ? "end_turn" : "tool_use")
const typed = (event: string, data: object): StreamEvent => ({ event, data: { type: event, ...data } })
