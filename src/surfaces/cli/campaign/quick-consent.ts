/** Whether tasks may run side by side: what was answered before, else the question and its three answers (C.1.122 to C.1.127). */
import { existsSync } from "node:fs"
import path from "node:path"
import { allowSession, readHarness, readSessionAllow, writeConsent } from "../../../adapters/planning/harness.ts"
import { fault, FaultError, type Fault } from "../../../domain/fault.ts"
import {
  consentAnswer,
  consentQuestion,
  decideConsent,
  mayOffer,
  type Consent,
  type ConsentAnswer,
  type ConsentDecision,
} from "../../../domain/gate/consent.ts"
import { canAsk } from "../context.ts"
import { warningLines } from "../fault-text.ts"
import type { Invocation } from "../invocation.ts"
import { outputOf, paintFor } from "../output.ts"
import { askLine } from "./ask.ts"

export interface QuickConsent {
  /** False: one after the other. */
  readonly parallel: boolean
  /** The person saw these very tasks and answered. */
  readonly answered: boolean
}

/**
 * `tasks`: the titles of those that can work at the same time. With fewer than two there is nothing to ask, and an answer that was given beforehand is kept
 * all the same. Null: they did not answer. Rejects with a `FaultError` where nobody can be asked.
 */
export async function quickConsent(invocation: Invocation, directory: string, tasks: readonly string[]): Promise<QuickConsent | null> {
  const root = repositoryRootOf(directory)
  const given = invocation.text("consent")
  const question = consentQuestion(tasks)
  if (given !== null) {
    const answer = consentAnswer(given)
    if (answer === null) throw new FaultError(noAnswer(given))
    if (!invocation.json && tasks.length > 1) outputOf(invocation.context).note(`${question}\n${given}`)
    return keep(invocation, root, answer)
  }
  if (tasks.length < 2) return { parallel: true, answered: false }
  const { decision } = await keptIn(invocation, root)
  if (!decision.ask) return { parallel: true, answered: false }
  if (!canAsk(invocation.context) || invocation.json) throw new FaultError(nobodyToAsk(invocation.json))
  return asked(invocation, root, question)
}

/** What becomes of the offer to run tasks side by side that nobody asked for by name. */
export type Offer =
  /** Who wants no such offers gets none. */
  | { readonly how: "left-alone" }
  | { readonly how: "nobody-to-ask" }
  | { readonly how: "given-up" }
  /** `why`: what was answered earlier, where nobody was asked now. */
  | { readonly how: "answered"; readonly consent: QuickConsent; readonly why: string | null }

export async function offerConsent(invocation: Invocation, directory: string, tasks: readonly string[]): Promise<Offer> {
  const root = repositoryRootOf(directory)
  const { stored, decision } = await keptIn(invocation, root)
  if (!mayOffer(stored)) return { how: "left-alone" }
  if (!decision.ask) return { how: "answered", consent: { parallel: true, answered: false }, why: decision.why }
  // Who agreed to everything beforehand, or starts nothing, is not asked either.
  if (!canAsk(invocation.context) || invocation.json || invocation.flag("yes") || invocation.flag("dryRun")) return { how: "nobody-to-ask" }
  const consent = await asked(invocation, root, consentQuestion(tasks))
  return consent === null ? { how: "given-up" } : { how: "answered", consent, why: null }
}

async function keptIn(invocation: Invocation, root: string): Promise<{ readonly stored: Consent | null; readonly decision: ConsentDecision }> {
  const { consent, notice } = await readHarness(root)
  tell(invocation, notice)
  const stored = consent.fleetSpawn
  return { stored, decision: decideConsent({ stored, sessionAllowedAt: await readSessionAllow(root, "fleetSpawn"), now: invocation.context.now() }) }
}

async function asked(invocation: Invocation, root: string, question: string): Promise<QuickConsent | null> {
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
  const notKept = store === null ? null : await writeConsent(root, "fleetSpawn", store)
  // Who allows it session by session has allowed this one.
  if (parallel && store === null && (await readHarness(root)).consent.fleetSpawn === "session-allow")
    await allowSession(root, "fleetSpawn", invocation.context.now())
  if (notKept !== null) tell(invocation, { ...notKept, what: `your answer holds for this time only: ${notKept.what}` })
  return { parallel, answered: true }
}

function tell({ context }: Invocation, notice: Fault | null): void {
  if (notice !== null) for (const line of warningLines(notice, paintFor(context, context.stderr))) context.stderr.write(`${line}\n`)
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

const nobodyToAsk = (json: boolean): Fault =>
  fault(
    "consent-needed",
    "nobody is here to say whether these tasks may run in parallel",
    json ? "with --json nobody is asked" : "there is no terminal to ask on",
    "answer it beforehand: fleet quick … --consent 1 (yes), 2 (always) or 3 (no)",
  )
