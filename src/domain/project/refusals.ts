/** Refusals that several nouns give. */
import { fault, type Fault } from "../fault.ts"

export const unknownThing = (noun: "run" | "task" | "approval", name: string): Fault =>
  fault(
    `unknown-${noun}`,
    `there is no ${noun} ${name}`,
    "nothing of that name was ever made here",
    noun === "approval" ? "fleet inbox lists what waits for an answer" : "fleet status lists what there is",
  )
