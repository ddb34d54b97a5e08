/** Refusals that several nouns give. */
import { fault, type Fault } from "../fault.ts"

export const unknownThing = (noun: "run" | "task" | "approval" | "session", name: string): Fault =>
  fault(`unknown-${noun}`, `there is no ${noun} ${name}`, "nothing of that name was ever made here", wheres[noun])

const wheres = {
  run: "fleet status lists what there is",
  task: "fleet status lists what there is",
  approval: "fleet inbox lists what waits for an answer",
  session: "fleet session list shows them; GET /api/sessions has their ids",
}
