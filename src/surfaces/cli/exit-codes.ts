/** What the exit code of `fleet` means. `fleet help exit-codes` prints this table. */
import { FaultError } from "../../domain/fault.ts"

export const exitCodes = {
  done: 0,
  failed: 1,
  badInput: 2,
  noHub: 3,
  cancelled: 4,
  needsPerson: 5,
  /** 128 + SIGINT, as shells have it, so that `fleet run … && deploy` does not go on. */
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export const exitCodeMeanings: readonly (readonly [ExitCode, string])[] = [
  [exitCodes.done, "Done: all of the work landed, or the command did what was asked."],
  [exitCodes.failed, "Some of the work failed, or something that was checked is not in order."],
  [exitCodes.badInput, "Bad input: a wrong option, a plan with faults, a name that nothing has. Nothing was started."],
  [exitCodes.noHub, "No hub runs, or it could not be started."],
  [exitCodes.cancelled, "Cancelled: the run was stopped, or the question before it was answered with no."],
  [
    exitCodes.needsPerson,
    "Needs a person: nothing can go on until somebody answers. The run waits (see `fleet inbox`), or nothing was started because nobody is here to agree.",
  ],
  [exitCodes.interrupted, "Ctrl-C: following was interrupted. The run itself goes on."],
]

/** Faults that say there is no hub to talk to. */
export const noHubCodes: ReadonlySet<string> = new Set(["hub-absent", "hub-failed", "hub-silent"])

/** Faults that say that somebody has to agree first, and nobody can be asked. */
const needsPersonCodes: ReadonlySet<string> = new Set(["consent-needed", "auto-continue-off"])

export function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof FaultError)) return exitCodes.failed
  if (noHubCodes.has(error.fault.code)) return exitCodes.noHub
  return needsPersonCodes.has(error.fault.code) ? exitCodes.needsPerson : exitCodes.badInput
}
