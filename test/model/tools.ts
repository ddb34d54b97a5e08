/** Turns a step of the script into a call of one of the tools that the agent offers: its own file tools where it has them, else its shell. Pure. */
import type { Step } from "../../src/scripted/script.ts"
import type { Conversation, Tool } from "./conversation.ts"

export interface Call {
  readonly name: string
  readonly input: Readonly<Record<string, unknown>>
  /** The file that it changes by a file tool, else null. */
  readonly path: string | null
}

/** Null for a step that needs no tool. */
export function callsFor(step: Step, conversation: Conversation): Call | null {
  const { tools } = conversation
  switch (step.kind) {
    case "write":
      return fileCall(tools, ["Write", "write"], step.path, { content: step.text }) ?? shell(conversation, writing(step.path, step.text), false)
    case "edit":
      return (
        fileCall(tools, ["Edit", "edit"], step.path, { old: step.old, new: step.new }) ?? shell(conversation, editing(step.path, step.old, step.new), false)
      )
    case "append":
      return shell(conversation, `printf %s ${quote(step.text)} >> ${quote(step.path)}`, false)
    case "delete":
      return shell(conversation, `rm -- ${quote(step.path)}`, false)
    case "resolve":
      return shell(conversation, `${writing(step.path, step.text)} && git add -- ${quote(step.path)}`, false)
    case "commit":
      return shell(conversation, `git add -A && git commit -q -m ${quote(step.message)}`, false)
    case "run":
      return shell(conversation, step.cmd, false)
    case "ask":
      return shell(conversation, step.cmd, true)
    case "call":
      return { name: named(tools, step.tool), input: inputOf(step.input, conversation), path: null }
    case "exit":
      // The parent of a tool's shell is the agent. A model can end it only by its own hands.
      return shell(conversation, "kill -KILL $PPID", false)
    case "say":
    case "think":
    case "handoff":
    case "sleep":
    case "hang":
    case "fail":
    case "drop":
    case "usage":
    case "error":
      return null
  }
}

/** The call that reads the file which `call` wanted to change. */
export function readCall(call: Call, conversation: Conversation): Call {
  const tool = find(conversation.tools, ["Read", "read"])
  return { name: tool.name, input: { [pathKey(tool)]: call.path }, path: null }
}

/** Each agent puts its own name of the server before a tool's. */
function named(tools: readonly Tool[], name: string): string {
  const tool = tools.find((offered) => offered.name === name || offered.name.endsWith(`_${name}`) || offered.name.endsWith(`-${name}`))
  if (tool === undefined) throw new Error(`the agent offers no ${name}; it has ${tools.map((offered) => offered.name).join(", ")}`)
  return tool.name
}

/** JSON, with `@{1:session}` for the word that follows "session" in the first result; nothing while there is no such result. */
function inputOf(input: string, { results }: Conversation): Readonly<Record<string, unknown>> {
  const filled = input.replace(/@\{(\d+):(\w+)\}/g, (_, number: string, word: string) => {
    const text = results[Number(number) - 1]?.text ?? ""
    return new RegExp(`\\b${word} ([\\w./-]+)`).exec(text)?.[1] ?? ""
  })
  return JSON.parse(filled) as Record<string, unknown>
}

function fileCall(tools: readonly Tool[], names: readonly string[], path: string, values: Readonly<Record<string, string>>): Call | null {
  const tool = tools.find((offered) => names.includes(offered.name))
  if (tool === undefined) return null
  const named = Object.entries(values).map(([key, value]) => [tool.parameters.find((parameter) => parameter.toLowerCase().startsWith(key)) ?? key, value])
  return { name: tool.name, input: { [pathKey(tool)]: path, ...Object.fromEntries(named) }, path }
}

const pathKey = (tool: Tool): string => tool.parameters.find((parameter) => /^file_?path$/i.test(parameter)) ?? "path"

function shell(conversation: Conversation, command: string, asks: boolean): Call {
  const tool = find(conversation.tools, ["Bash", "bash", "exec_command", "shell_command", "shell", "run_shell_command"])
  const key = tool.parameters.find((parameter) => parameter === "cmd" || parameter === "command") ?? "command"
  const input: Record<string, unknown> = { [key]: tool.name === "shell" ? ["bash", "-c", command] : command }
  if (tool.parameters.includes("description")) input["description"] = "A step of the script"
  // Codex asks by itself under most policies; under "on-request" the model has to ask to leave the sandbox.
  if (asks && tool.parameters.includes("sandbox_permissions") && /approval_policy` is `on-request|on-request/.test(conversation.instructions)) {
    Object.assign(input, { sandbox_permissions: "require_escalated", justification: "The script says so" })
  }
  return { name: tool.name, input, path: null }
}

function find(tools: readonly Tool[], names: readonly string[]): Tool {
  const tool = names.map((name) => tools.find((offered) => offered.name === name)).find((offered) => offered !== undefined)
  if (tool === undefined) throw new Error(`the agent offers none of ${names.join(", ")}; it has ${tools.map((offered) => offered.name).join(", ")}`)
  return tool
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
const writing = (path: string, text: string): string => `mkdir -p "$(dirname -- ${quote(path)})" && printf %s ${quote(text)} > ${quote(path)}`
const editing = (path: string, old: string, replacement: string): string =>
  `OLD=${quote(old)} NEW=${quote(replacement)} perl -0pi -e 's/\\Q$ENV{OLD}\\E/$ENV{NEW}/' -- ${quote(path)}`
