/**
 * Decides the model's next reply from the script in the prompt. Pure: the place in the script is the number of tool results since the prompt,
 * so a resumed session, a retried request and any number of agents get the same replies.
 */
import { handoffBlock, holdsConflictNote, parseScript, type Step } from "../../src/scripted/script.ts"
import type { Conversation, ToolResult } from "./conversation.ts"
import { callsFor, readCall, type Call } from "./tools.ts"

/** What one response of the model consists of, in order. A fault ends it. */
export interface Reply {
  readonly delayMs: number
  readonly thought: string
  readonly text: string
  readonly call: Call | null
  readonly usage: { readonly input: number; readonly output: number }
  readonly fault: ReplyFault | null
}
export type ReplyFault =
  | { readonly kind: "hang" }
  | { readonly kind: "drop" }
  /** `key` tells this failure from others; it happens `times` times. */
  | { readonly kind: "fail"; readonly status: number; readonly retryAfter: number | null; readonly times: number; readonly key: string }

const usualUsage = { input: 10, output: 5 }
const noUsage = { input: 0, output: 0 }

export function replyTo(conversation: Conversation, spent: (key: string) => number): Reply {
  // Titles and summaries are asked for without tools.
  if (conversation.tools.length === 0) return { ...empty, text: "Scripted session" }
  if (conversation.prompt === null) return { ...empty, text: "Nothing to do." }
  const prompt = conversation.prompt
  const steps = parseScript(prompt, { attempt: attemptOf(prompt), resumed: conversation.turns > 1, conflict: holdsConflictNote(prompt) })
  const place = placeOf(steps, conversation)
  const base = steps.some((step) => step.kind === "usage") ? { ...empty, usage: noUsage } : empty
  if (place.pending !== null) return { ...base, call: place.pending }
  return perform(steps, place.from, conversation, base, (index) => (steps[index]?.kind === "fail" ? spent(`${prompt}\n${index}`) : 0))
}

const empty: Reply = { delayMs: 0, thought: "", text: "", call: null, usage: usualUsage, fault: null }

/** The prompt says which attempt it is; the model cannot see `FLEET_ATTEMPT`. */
function attemptOf(prompt: string): number {
  return Number(/\battempt[ :#]+(\d+)/i.exec(prompt)?.[1] ?? 1)
}

/** Walks the script along the results: which step comes next, or a call that the last result asks for first. */
function placeOf(steps: readonly Step[], conversation: Conversation): { from: number; pending: Call | null } {
  const results = [...conversation.results]
  for (let from = 0; from < steps.length; from++) {
    const step = steps[from]
    const call = step === undefined ? null : callsFor(step, conversation)
    if (call === null) continue
    if (results.length === 0) return { from: stepAfterCall(steps, from, conversation), pending: null }
    const result = results.shift()
    if (result === undefined || !wantsRead(result, call)) continue
    // Claude and opencode refuse to change a file that they have not read.
    if (results.length === 0) return { from, pending: readCall(call, conversation) }
    results.shift()
    if (results.length === 0) return { from, pending: call }
    results.shift()
  }
  return { from: stepAfterCall(steps, steps.length, conversation), pending: null }
}

/** The first step after the last call before `at`. */
function stepAfterCall(steps: readonly Step[], at: number, conversation: Conversation): number {
  for (let index = at - 1; index >= 0; index--) {
    const step = steps[index]
    if (step !== undefined && callsFor(step, conversation) !== null) return index + 1
  }
  return 0
}

const wantsRead = (result: ToolResult, call: Call): boolean => call.path !== null && /not been read|must read/i.test(result.text)

function perform(steps: readonly Step[], from: number, conversation: Conversation, base: Reply, spent: (index: number) => number): Reply {
  let reply = base
  for (let index = from; index < steps.length; index++) {
    const step = steps[index]
    if (step === undefined) break
    const call = callsFor(step, conversation)
    if (call !== null) return { ...reply, call }
    reply = after(reply, step.kind === "say" ? { ...step, text: quoting(step.text, conversation) } : step, `${conversation.prompt}\n${index}`, spent(index))
    if (reply.fault !== null) return reply
  }
  return reply.text === "" ? { ...reply, text: steps.length === 0 ? "Nothing to do." : "Done." } : reply
}

/** `@{3:HANDOFF}` is the block of that name in the third result, as a model passes on what a tool gave it; nothing while there is none. */
const quoting = (text: string, { results }: Conversation): string =>
  text.replace(/@\{(\d+):HANDOFF\}/g, (_, number: string) => /---HANDOFF---[\s\S]*?\n---/.exec(results[Number(number) - 1]?.text ?? "")?.[0] ?? "")

function after(reply: Reply, step: Step, key: string, spent: number): Reply {
  switch (step.kind) {
    case "say":
      return { ...reply, text: joined(reply.text, step.text) }
    case "handoff":
      return { ...reply, text: joined(reply.text, handoffBlock(step.items)) }
    case "think":
      return { ...reply, thought: joined(reply.thought, step.text) }
    case "sleep":
      return { ...reply, delayMs: reply.delayMs + step.ms }
    case "usage":
      return { ...reply, usage: { input: step.input, output: step.output } }
    case "hang":
    case "drop":
      return { ...reply, fault: { kind: step.kind } }
    case "fail":
      return spent >= step.times ? reply : { ...reply, fault: { kind: "fail", status: step.status, retryAfter: step.retryAfter, times: step.times, key } }
    case "error":
      return { ...reply, fault: { kind: "fail", status: 400, retryAfter: null, times: Infinity, key } }
    case "write":
    case "append":
    case "edit":
    case "delete":
    case "resolve":
    case "run":
    case "ask":
    case "commit":
    case "call":
    case "exit":
      throw new Error(`${step.kind} is a tool call`)
  }
}

const joined = (before: string, more: string): string => (before === "" ? more : `${before}\n${more}`)
