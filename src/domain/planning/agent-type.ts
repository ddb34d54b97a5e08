/** What kind of task an agent of the queue's Agent column is given: that decides its time (C.1.75, C.1.77). */
import type { TaskType } from "../plan/plan.ts"

/** `research`: scouts, researchers, mappers, auditors. `skill`: those who verify and test. `build`: everybody else. */
export function agentType(text: string): TaskType {
  const words = text.slice(0, 200).toLowerCase().replaceAll("_", " ")
  if (/\b(research|scout|audit|map(s|per|ping)?\b|explor|investigat)/.test(words)) return "research"
  return /\b(verif|qa\b|test|type-?check|validat|skill)/.test(words) ? "skill" : "build"
}
