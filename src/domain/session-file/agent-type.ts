/** What kind of agent the queue's Agent column names, and what kind of task it is given: that decides its time (C.1.75, C.1.77). */
import type { PlanTask, TaskType } from "../plan/plan.ts"

/** As other tools call who works on a task: its role, else the usual name of its kind. */
export function agentText({ plan: { role, type } }: { readonly plan: Pick<PlanTask, "role" | "type"> }): string {
  if (role !== null && role.trim() !== "") return role
  return type === "build" ? "builder" : type === "research" ? "scout" : "skill"
}

/** `research`: scouts, researchers, mappers, auditors. `skill`: those who verify and test. `build`: everybody else. */
export function agentType(text: string): TaskType {
  const words = text.slice(0, 200).toLowerCase().replaceAll("_", " ")
  if (/\b(research|scout|audit|map(s|per|ping)?\b|explor|investigat)/.test(words)) return "research"
  return /\b(verif|qa\b|test|type-?check|validat|skill)/.test(words) ? "skill" : "build"
}
