/** OpenAI chat completions, whole and streamed. A fake: shapes follow the published `openai` types (`ChatCompletion`, `ChatCompletionChunk`); used with opencode 1.18. */
import { conversationOf, type Entry } from "./conversation.ts"
import { list, openAiFailure, parameterNames, pieces, record, string, textOf, type Dialect, type ReplyContext, type StreamEvent } from "./dialect.ts"
import type { Reply } from "./reply.ts"

export const chat: Dialect = {
  read: (body) =>
    conversationOf(
      list(body["messages"]).map(entryOf),
      list(body["tools"]).map((tool) => {
        const offered = record(record(tool)["function"])
        return { name: string(offered["name"]), parameters: parameterNames(offered["parameters"]) }
      }),
    ),
  whole: (reply, context) => ({
    id: `chatcmpl-${context.id}`,
    object: "chat.completion",
    created: 0,
    model: context.model,
    choices: [
      {
        index: 0,
        finish_reason: finish(reply),
        logprobs: null,
        message: { role: "assistant", content: reply.text || null, refusal: null, ...(reply.call ? { tool_calls: [toolCall(reply.call, context)] } : {}) },
      },
    ],
    usage: usage(reply),
  }),
  stream: (reply, context) => [...chunks(reply, context), { event: null, data: "[DONE]" }],
  failure: openAiFailure,
}

function entryOf(message: unknown): Entry {
  const { role, content } = record(message)
  const from = role === "tool" ? "tool" : role === "user" ? "user" : "system"
  return { from, text: role === "assistant" ? "" : textOf(content) }
}

function chunks(reply: Reply, context: ReplyContext): StreamEvent[] {
  const chunk = (choices: object[], more: object = {}): StreamEvent => ({
    event: null,
    data: { id: `chatcmpl-${context.id}`, object: "chat.completion.chunk", created: 0, model: context.model, choices, ...more },
  })
  const delta = (of: object): StreamEvent => chunk([{ index: 0, delta: of, finish_reason: null }])
  return [
    delta({ role: "assistant", content: "" }),
    ...pieces(reply.thought).map((piece) => delta({ reasoning_content: piece })),
    ...pieces(reply.text).map((piece) => delta({ content: piece })),
    ...(reply.call ? [delta({ tool_calls: [{ index: 0, ...toolCall(reply.call, context) }] })] : []),
    chunk([{ index: 0, delta: {}, finish_reason: finish(reply) }]),
    chunk([], { usage: usage(reply) }),
  ]
}

const toolCall = (call: NonNullable<Reply["call"]>, context: ReplyContext): object => ({
  id: `call_${context.id}`,
  type: "function",
  function: { name: call.name, arguments: JSON.stringify(call.input) },
})
const finish = (reply: Reply): string => (reply.call === null ? "stop" : "tool_calls")
const usage = ({ usage: { input, output } }: Reply): object => ({ prompt_tokens: input, completion_tokens: output, total_tokens: input + output })
