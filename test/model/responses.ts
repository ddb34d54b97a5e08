/** OpenAI Responses. A fake: shapes follow the published `openai` types (`ResponseStreamEvent`, `ResponseOutputItem`); used with codex 0.169. */
import { conversationOf, type Entry } from "./conversation.ts"
import { list, openAiFailure, parameterNames, pieces, record, string, textOf, type Dialect, type ReplyContext, type StreamEvent } from "./dialect.ts"
import type { Reply } from "./reply.ts"

export const responses: Dialect = {
  read: (body) =>
    conversationOf(
      [
        { from: "system", text: string(body["instructions"]) },
        ...(typeof body["input"] === "string" ? [{ from: "user" as const, text: body["input"] }] : list(body["input"]).map(entryOf)),
      ],
      list(body["tools"]).map((tool) => ({ name: string(record(tool)["name"]), parameters: parameterNames(record(tool)["parameters"]) })),
    ),
  whole: (reply, context) => response(reply, context, "completed", items(reply, context)),
  stream: (reply, context) =>
    number([
      { event: "response.created", data: { response: response(reply, context, "in_progress", []) } },
      ...items(reply, context).flatMap((item, index) => itemEvents(item, index)),
      { event: "response.completed", data: { response: response(reply, context, "completed", items(reply, context)) } },
    ]),
  failure: openAiFailure,
}

type Item =
  | { readonly type: "reasoning"; readonly id: string; readonly summary: readonly { readonly type: "summary_text"; readonly text: string }[] }
  | {
      readonly type: "message"
      readonly id: string
      readonly role: "assistant"
      readonly status: string
      readonly content: readonly { readonly type: "output_text"; readonly text: string; readonly annotations: readonly [] }[]
    }
  | {
      readonly type: "function_call"
      readonly id: string
      readonly call_id: string
      readonly name: string
      readonly arguments: string
      readonly status: string
    }

interface ItemEvent {
  readonly event: string
  readonly data: object
}

function entryOf(item: unknown): Entry {
  const { type, role, content, output } = record(item)
  if (type === "function_call_output" || type === "custom_tool_call_output")
    return { from: "tool", text: typeof output === "string" ? output : textOf(record(output)["content"] ?? output) }
  if (role === "user") return { from: "user", text: textOf(content) }
  return { from: "system", text: role === "assistant" ? "" : textOf(content) }
}

function items(reply: Reply, { id }: ReplyContext): Item[] {
  const made: Item[] = []
  if (reply.thought !== "") made.push({ type: "reasoning", id: `rs_${id}`, summary: [{ type: "summary_text", text: reply.thought }] })
  if (reply.text !== "")
    made.push({
      type: "message",
      id: `msg_${id}`,
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text: reply.text, annotations: [] }],
    })
  if (reply.call !== null)
    made.push({
      type: "function_call",
      id: `fc_${id}`,
      call_id: `call_${id}`,
      name: reply.call.name,
      arguments: JSON.stringify(reply.call.input),
      status: "completed",
    })
  return made
}

function itemEvents(item: Item, index: number): ItemEvent[] {
  const at = { item_id: item.id, output_index: index }
  return [
    { event: "response.output_item.added", data: { output_index: index, item: begun(item) } },
    ...deltas(item, at),
    { event: "response.output_item.done", data: { output_index: index, item } },
  ]
}

function begun(item: Item): object {
  switch (item.type) {
    case "reasoning":
      return { ...item, summary: [] }
    case "message":
      return { ...item, status: "in_progress", content: [] }
    case "function_call":
      return { ...item, status: "in_progress", arguments: "" }
  }
}

function deltas(item: Item, at: object): ItemEvent[] {
  switch (item.type) {
    case "reasoning":
      return [
        { event: "response.reasoning_summary_part.added", data: { ...at, summary_index: 0, part: { type: "summary_text", text: "" } } },
        ...item.summary
          .flatMap((part) => pieces(part.text))
          .map((delta) => ({ event: "response.reasoning_summary_text.delta", data: { ...at, summary_index: 0, delta } })),
      ]
    case "message":
      return item.content
        .flatMap((part) => pieces(part.text))
        .map((delta) => ({ event: "response.output_text.delta", data: { ...at, content_index: 0, delta } }))
    case "function_call":
      return [{ event: "response.function_call_arguments.done", data: { ...at, name: item.name, arguments: item.arguments } }]
  }
}

function response(reply: Reply, context: ReplyContext, status: string, output: readonly Item[]): object {
  const { input, output: spent } = reply.usage
  const usage = {
    input_tokens: input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: spent,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + spent,
  }
  return {
    id: `resp_${context.id}`,
    object: "response",
    created_at: 0,
    status,
    model: context.model,
    output,
    error: null,
    usage: status === "completed" ? usage : null,
  }
}

const number = (events: readonly ItemEvent[]): StreamEvent[] =>
  events.map(({ event, data }, sequence_number) => ({ event, data: { type: event, sequence_number, ...data } }))
