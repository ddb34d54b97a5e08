/** Why an attempt, and in the end a task, was not accepted; and in words, for a person and for the agent that is to mend it. */
import type { Fault } from "../fault.ts"
import type { PlanFault } from "../plan/plan.ts"
import type { AgentError } from "../session/turn.ts"
import type { CheckResult } from "../worker/job-result.ts"

export type Failure =
  /** `transient`: the worker thinks that trying again may help. */
  | { readonly kind: "workspace"; readonly fault: Fault; readonly transient: boolean }
  | { readonly kind: "session"; readonly fault: Fault; readonly transient: boolean }
  | { readonly kind: "agent"; readonly error: AgentError }
  | { readonly kind: "timeout"; readonly limitMs: number }
  | { readonly kind: "stalled"; readonly silentMs: number }
  /** Cut off: its worker went away, and the agent with it. */
  | { readonly kind: "lost"; readonly message: string }
  /** Cut off: its own process or stream ended in the middle of a turn, while its worker lived. */
  | { readonly kind: "died"; readonly message: string }
  | { readonly kind: "interrupted" }
  /** The turn ended well and there is no commit. */
  | { readonly kind: "no-commit" }
  | { readonly kind: "unresolved"; readonly files: readonly string[] }
  | { readonly kind: "out-of-scope"; readonly files: readonly string[]; readonly note: string | null }
  | { readonly kind: "checks"; readonly checks: readonly CheckResult[] }
  /** The agent itself says that it is not done. */
  | { readonly kind: "handoff"; readonly status: "failed" | "blocked"; readonly text: string }
  /** The agent was to make a plan, and this is wrong with what it made. */
  | { readonly kind: "plan"; readonly faults: readonly PlanFault[] }
  | { readonly kind: "conflict"; readonly target: string; readonly files: readonly string[]; readonly theirs: readonly string[] }
  | { readonly kind: "landing-checks"; readonly target: string; readonly checks: readonly CheckResult[] }
  | { readonly kind: "denied"; readonly what: string; readonly note: string | null }

/** One line for a person: exactly what is missing. */
export function sayFailure(failure: Failure): string {
  switch (failure.kind) {
    case "workspace":
    case "session":
      return `${failure.fault.what}: ${failure.fault.why}; fix: ${failure.fault.fix}`
    case "agent":
      return `${sayAgentError(failure.error)}: ${failure.error.message}${failure.error.class === "auth" ? "; fix: log it in (fleet agents says how), then: fleet retry <task>" : ""}`
    case "timeout":
      return `not finished within ${sayMinutes(failure.limitMs)}; ended by Fleet`
    case "stalled":
      return `silent for ${sayMinutes(failure.silentMs)}, no process worked and no file changed; ended by Fleet`
    case "lost":
    case "died":
      return `cut off: ${failure.message}`
    case "interrupted":
      return "interrupted"
    case "no-commit":
      return "no commit: the agent ended its turn and changed nothing"
    case "unresolved":
      return `conflict markers left in ${list(failure.files)}`
    case "out-of-scope":
      return `changed files outside its scope: ${list(failure.files)}${failure.note === null ? "" : ` (${failure.note})`}`
    case "checks":
      return `check failed: ${list(failure.checks.filter((check) => !check.passed).map(sayCheck))}`
    case "handoff":
      return `the agent says ${failure.status}: ${failure.text}`
    case "plan":
      return `its plan is not usable: ${list(failure.faults.map((found) => found.what))}`
    case "conflict":
      return `conflict with ${failure.target} in ${list(failure.files)}`
    case "landing-checks":
      return `check failed on the merge with ${failure.target}: ${list(failure.checks.filter((check) => !check.passed).map(sayCheck))}`
    case "denied":
      return `denied: ${failure.what}${failure.note === null ? "" : ` (${failure.note})`}`
  }
}

/** What the next attempt is told, so that it can do better. Null when there is nothing that an agent could do differently. */
export function tellAgent(failure: Failure): string | null {
  switch (failure.kind) {
    case "workspace":
    case "session":
    case "agent":
    case "lost":
    case "died":
    case "interrupted":
    case "denied":
      return null
    case "timeout":
      return `Your last attempt was ended after ${sayMinutes(failure.limitMs)} without finishing. What it changed is still in the workspace. Take the shortest way to done.`
    case "stalled":
      return `Your last attempt was ended because nothing happened for ${sayMinutes(failure.silentMs)}. Do not wait for input and do not start programs that never end.`
    case "no-commit":
      return "Your last attempt ended without any change to the files. Do the task now, or say in the HANDOFF why it cannot be done (`- status: blocked`)."
    case "unresolved":
      return `Conflict markers are still in: ${failure.files.join(", ")}. Resolve each one, keeping what both sides meant.`
    case "out-of-scope":
      return `You changed files outside your scope: ${failure.files.join(", ")}. This was not approved${failure.note === null ? "" : `: ${failure.note}`}. Undo those changes and stay within your scope.`
    case "handoff":
      return `Your last attempt said ${failure.status}: ${failure.text}`
    case "checks":
      return `Fleet ran the checks on your commit, and this failed:\n\n${failure.checks
        .filter((check) => !check.passed)
        .map(quoteCheck)
        .join("\n\n")}\n\nFix the cause.`
    case "landing-checks":
      return `Your work is fine alone, but merged with \`${failure.target}\` a check fails. That branch has been merged into your workspace. This failed:\n\n${failure.checks
        .filter((check) => !check.passed)
        .map(quoteCheck)
        .join("\n\n")}\n\nFix the cause.`
    case "plan":
      return `Your plan was not taken yet. This is wrong with it:\n\n${failure.faults.slice(0, faultsTold).map(tellFault).join("\n")}\n\nWrite the whole plan again, with all of this mended.`
    case "conflict":
      return conflictNote(failure)
  }
}

const faultsTold = 20
const tellFault = ({ what, why, fix, line }: PlanFault): string => `- ${line === null ? "" : `line ${line}: `}${what}: ${why}. ${fix}.`

function conflictNote(failure: Failure & { kind: "conflict" }): string {
  const theirs =
    failure.theirs.length === 0
      ? ""
      : `\n\nWhat landed on \`${failure.target}\` meanwhile and touches these files:\n${failure.theirs.map((line) => `- ${line}`).join("\n")}`
  return `## Merge conflict\n\nYour work conflicts with what landed on \`${failure.target}\`. Fleet has merged it into your workspace and left the conflicts in the files, between <<<<<<< (yours), ||||||| (before both) and >>>>>>> (theirs):\n${failure.files.map((file) => `- ${file}`).join("\n")}${theirs}\n\nResolve every one so that both intentions hold, and commit.`
}

function quoteCheck(check: CheckResult): string {
  return `$ ${check.command}\n${check.output.trimEnd()}\n(${check.timedOut ? "ended by a timeout" : `exit code ${check.exitCode ?? "none: ended by a signal"}`})`
}

function sayCheck(check: CheckResult): string {
  return `\`${check.command}\` ${check.timedOut ? "timed out" : `exited with ${check.exitCode ?? "a signal"}`}`
}

export function sayAgentError(error: AgentError): string {
  switch (error.class) {
    case "auth":
      return "the agent is not logged in or its key is not valid"
    case "rate-limit":
      return "the provider's rate limit is reached"
    case "overload":
      return "the provider is overloaded or broken"
    case "network":
      return "the provider could not be reached"
    case "refused":
      return "the provider refused the request"
    case "bug":
      return "the agent failed"
  }
}

function list(items: readonly string[]): string {
  const shown = items.slice(0, 5).join(", ")
  return items.length > 5 ? `${shown} and ${items.length - 5} more` : shown
}

function sayMinutes(ms: number): string {
  if (ms < 1_000) return `${ms} ms`
  return ms < 60_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 6_000) / 10} min`
}
