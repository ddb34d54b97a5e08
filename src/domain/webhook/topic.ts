/** What one can ask to be told of: each event belongs to one noun, or to nobody's interest. */
import type { Event } from "../project/events.ts"

export const topics = ["run", "task", "session", "approval", "landing", "worker", "callback", "claim", "discovery", "webhook"] as const
export type Topic = (typeof topics)[number]

type Prefix<Type extends string> = Type extends `${infer Before}.${string}` ? Before : never

/** By what stands before the dot. The compiler says when one is missing. */
const topicByPrefix: Readonly<Record<Prefix<Event["type"]>, Topic | null>> = {
  run: "run",
  wave: "run",
  task: "task",
  attempt: "task",
  workspace: "task",
  scope: "task",
  session: "session",
  turn: "session",
  approval: "approval",
  landing: "landing",
  worker: "worker",
  agent: "worker",
  callback: "callback",
  claim: "claim",
  discovery: "discovery",
  webhook: "webhook",
  timer: null,
}

/** Null: bookkeeping that is shown to nobody. */
export function topicOf(type: Event["type"]): Topic | null {
  return type === "worker.heard" ? null : topicByPrefix[type.slice(0, type.indexOf(".")) as Prefix<Event["type"]>]
}
