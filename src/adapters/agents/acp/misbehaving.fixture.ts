/** A program that speaks just enough ACP, and misbehaves as its arguments say. Raw lines, since the SDK would not let it. */
import { createInterface } from "node:readline"

const flaws = new Set(process.argv.slice(2))
/** With "thinks": what it was told about its effort. */
let effort = "medium"
const efforts = ["low", "medium"].map((value) => ({ value, name: value }))
const thinks = (): object => ({ id: "reasoning", name: "Reasoning", category: "thought_level", type: "select", currentValue: effort, options: efforts })
const send = (message: object): boolean => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`)
const says = (text: string): boolean =>
  send({ method: "session/update", params: { sessionId: "s", update: { sessionUpdate: "agent_message_chunk", content: { type: "text", text } } } })

if (flaws.has("ignores-sigterm")) process.on("SIGTERM", () => undefined)
if (flaws.has("ignores-eof")) setInterval(() => undefined, 60_000)
if (flaws.has("noisy")) process.stdout.write("Loading…\n[1,2]\n\n{not json\n")
process.stderr.write("a warning on stderr\n")

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line) as { id?: number; method?: string; params?: { configId?: string; value?: string } }
  if (method === "initialize" && !flaws.has("never-initializes")) send({ id, result: { protocolVersion: 1, agentCapabilities: {} } })
  if (method === "session/new") {
    if (flaws.has("needs-login")) send({ id, error: { code: -32000, message: "Authentication required" } })
    else if (flaws.has("dies-on-new")) process.exit(7)
    else send({ id, result: { sessionId: "s", ...(flaws.has("thinks") ? { configOptions: [thinks()] } : {}) } })
  }
  if (method === "session/set_config_option" && params?.configId === "reasoning") {
    effort = params.value ?? effort
    send({ id, result: { configOptions: [thinks()] } })
  }
  if (method === "session/prompt") prompt(id)
})

function prompt(id: number | undefined): void {
  if (flaws.has("thinks")) says(`effort ${effort}; `)
  if (flaws.has("deaf")) return void says("working")
  if (flaws.has("strange")) {
    send({ method: "session/update", params: { sessionId: "s", update: { sessionUpdate: "from_the_future", x: 1 } } })
    send({ method: "session/update", params: { sessionId: "s", update: null } })
    send({ method: "session/update", params: { sessionId: "s", update: { sessionUpdate: "tool_call_update", toolCallId: "t", status: "completed" } } })
    send({ method: "session/update", params: 7 })
  }
  // The answer right behind the text, in one chunk: the order must hold.
  process.stdout.cork()
  says(flaws.has("says-error") ? "Error: 400 scripted error 400" : "the last word")
  send({ id, result: { stopReason: flaws.has("refuses") ? "refusal" : "end_turn" } })
  process.stdout.uncork()
  if (flaws.has("exits-after")) process.exit(0)
}
