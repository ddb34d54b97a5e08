/**
 * What is asked before a campaign begins, and the answer: what is said, how hard it is to take back, whether a person has to agree, and
 * whether so many agents are warranted at all. `assess.ts` answers it. Starts nothing and asks nobody.
 */
import type { Scope } from "../scope/scope.ts"
import type { TrustLevel } from "./trust.ts"

export type GateMode = "standard" | "quick" | "speculative"

export interface GateFacts {
  readonly mode: GateMode
  /** Agents in all waves together; of a speculative campaign its strategies. */
  readonly agents: number
  readonly waves: number
  /** Guess for all agents together; `tokens.ts` has it. */
  readonly tokens: number
  readonly tasks: readonly GateTask[]
  /** Tasks that can work at the same time without touching each other's files; `plan/streams.ts` counts them. */
  readonly streams: number
  /** The one directory in which all of them write, `""` for the root; `directory.ts` finds it. null: there are several, or nobody said. */
  readonly directory: string | null
  readonly trust: TrustLevel
  readonly consent: GateConsent
}

export interface GateTask {
  readonly title: string
  /** Empty: nobody said. */
  readonly scope: readonly Scope[]
}

/**
 * What is known of the person's consent to agents side by side. allowed: given, for this time or for always. refused: they want to be
 * asked each time. unknown: never asked.
 */
export type GateConsent = "allowed" | "refused" | "unknown"

export interface Gate {
  /** One sentence or two, to be said before anything starts (C.1.128, C.1.129). */
  readonly disclosure: string
  /** green: easily taken back. amber: each wave's merge is a commit of its own. red: hard to take back (C.1.130). */
  readonly colour: "green" | "amber" | "red"
  /** Why it has that colour, in a sentence. */
  readonly why: string
  readonly confirm: Confirmation
  /** Null: so many agents are warranted. Otherwise what to do instead. */
  readonly proportion: Downgrade | null
}

export interface Confirmation {
  readonly needed: boolean
  /** One clause each; empty when not needed. */
  readonly why: readonly string[]
  /** What the person is shown with the question: agents, scopes, cost. */
  readonly show: readonly string[]
}

/** single: one agent does it all. sequential: one task after the other. plain: a run without waves. */
export interface Downgrade {
  readonly to: "single" | "sequential" | "plain"
  readonly why: string
}
