/** What the parts of the conformance suite of agent drivers share: what a driver says that it supports, and how a test is run for it. */
import { test } from "vitest"
import type { AgentError } from "../../domain/session/turn.ts"
import { agentCase, type AgentCase, type AgentUnderTest } from "./agent.case.ts"

/** True when the driver shows it, else the reason why it is skipped. */
export type Support = true | string

export interface Supports {
  /** It asks before it runs a command when opened with "ask". */
  readonly permissions: Support
  /** A denied permission is an answer like another to the agent. Left out: as `permissions`. */
  readonly goesOnAfterDenial?: Support
  /** A conversation goes on after its process was killed. */
  readonly resume: Support
  /** A session at rest outlives its process: nothing of it died, and its next prompt goes on in another. Left out: it dies with its process. */
  readonly survives?: true
  readonly interrupt: Support
  /** It can be told something while it works; if not, it says so. */
  readonly steer: Support
  /** It tells that the turn runs before the model has said anything. */
  readonly acknowledges: Support
  readonly usage: Support
  readonly thoughts: Support
  /** Tool calls are reported. */
  readonly tools: Support
  /** The agent's death is seen while a turn runs. */
  readonly died: Support
  readonly errors: Readonly<Record<Exclude<AgentError["class"], "bug">, Support>>
  /** A rate limit comes with the time at which it ends. */
  readonly resetAt: Support
}

export interface AgentSuite {
  readonly name: string
  /** A driver of its own for each test. `permissions` is what `DriverOptions.permissions` must be. */
  open(permissions: "ask" | "allow"): Promise<AgentUnderTest>
  readonly supports: Supports
  /** Wraps a script, for an agent that needs words around it. */
  readonly prompt?: (script: string) => string
}

/** A test for which the driver must support something. */
export function supported(support: Support, name: string, run: () => Promise<void>): void {
  if (support === true) test(name, run)
  else test.skip(`${name} [skipped: ${support}]`, run)
}

export const words = (suite: AgentSuite, script: string): string => suite.prompt?.(script) ?? script
export const opened = (suite: AgentSuite, permissions: "ask" | "allow" = "allow"): Promise<AgentCase> => agentCase(() => suite.open(permissions))
