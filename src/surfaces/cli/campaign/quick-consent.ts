/** Whether tasks may run side by side: what was answered before, else the question and its three answers (C.1.122 to C.1.127). */
import { existsSync } from "node:fs"
import path from "node:path"
import { readHarness, readSessionAllow, writeConsent } from "../../../adapters/planning/harness.ts"
import { fault, FaultError, type Fault } from "../../../domain/fault.ts"
import { consentAnswer, consentQuestion, mustAsk, type ConsentAnswer } from "../../../domain/gate/consent.ts"
import { canAsk } from "../context.ts"
import { faultLines } from "../fault-text.ts"
import type { Invocation } from "../invocation.ts"
import { outputOf, paintFor } from "../output.ts"
import { askLine } from "./ask.ts"

export interface QuickConsent {
  /** False: one after the other. */
  readonly parallel: boolean
  /** The person saw these very tasks and answered. */
  readonly answered: boolean
}

/** Null: they did not answer. Rejects with a `FaultError` where nobody can be asked. */
export async function quickConsent(invocation: Invocation, directory: string, tasks: readonly string[]): Promise<QuickConsent | null> {
  const root = repositoryRootOf(directory)
  const given = invocation.text("consent")
  const question = consentQuestion(tasks)
  if (given !== null) {
    const answer = consentAnswer(given)
    if (answer === null) throw new FaultError(noAnswer(given))
    if (!invocation.json) outputOf(invocation.context).note(`${question}\n${given}`)
    return keep(invocation, root, answer)
  }
  const { consent, notice } = await readHarness(root)
  tell(invocation, notice)
  const { context } = invocation
  const decision = mustAsk({ stored: consent.fleetSpawn, sessionAllowedAt: await readSessionAllow(root, "fleetSpawn"), now: context.now() })
  if (!decision.ask) return { parallel: true, answered: false }
  if (!canAsk(context) || invocation.json) throw new FaultError(nobodyToAsk(decision.why))
  const answer = await ask(invocation, question)
  return answer === null ? null : keep(invocation, root, answer)
}

async function ask({ context }: Invocation, question: string): Promise<ConsentAnswer | null> {
  context.stderr.write(`${question}\n`)
  for (;;) {
    const said = await askLine(context, "> ")
    if (said === null || said.trim() === "") return null
    const answer = consentAnswer(said)
    if (answer !== null) return answer
    context.stderr.write("1, 2 or 3; `3, don't ask again` is kept.\n")
  }
}

async function keep(invocation: Invocation, root: string, { parallel, store }: ConsentAnswer): Promise<QuickConsent> {
  if (store !== null) tell(invocation, await writeConsent(root, "fleetSpawn", store))
  return { parallel, answered: true }
}

function tell({ context }: Invocation, notice: Fault | null): void {
  if (notice !== null) for (const line of faultLines(notice, paintFor(context, context.stderr))) context.stderr.write(`${line}\n`)
}

/** The nearest directory upwards that git knows; without one the directory itself, which the hub refuses. */
export function repositoryRootOf(directory: string): string {
  for (let at = path.resolve(directory); ; at = path.dirname(at)) {
    if (existsSync(path.join(at, ".git"))) return at
    if (path.dirname(at) === at) return directory
  }
}

const noAnswer = (given: string): Fault =>
  fault("consent-answer", `${JSON.stringify(given)} is no answer`, "there are three: 1 = yes, 2 = always, 3 = no", "fleet quick … --consent 1")

const nobodyToAsk = (why: string): Fault =>
  fault(
    "consent-needed",
    "nobody is here to say whether these tasks may run in parallel",
    why,
    "answer it beforehand: fleet quick … --consent 1 (yes), 2 (always) or 3 (no)",
  )
