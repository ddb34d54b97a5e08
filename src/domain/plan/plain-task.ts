/** A task of which nothing is said but what it is called and what is to be done. */
import type { PlanTask } from "./plan.ts"

export const plainTask: Omit<PlanTask, "key" | "title" | "prompt"> = {
  after: [],
  scope: [],
  agent: null,
  model: null,
  type: "build",
  role: null,
  group: null,
  domain: null,
  effort: null,
  checks: [],
  estimateMinutes: null,
  timeoutMinutes: null,
  retries: null,
  gate: "none",
  priority: 0,
  tags: {},
  ticked: false,
  line: null,
}
