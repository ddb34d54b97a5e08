/** The ids of the domain. Each is a string with a brand, so that no call can swap two of them. */
declare const brand: unique symbol
export type Brand<Name extends string> = string & { readonly [brand]: Name }

/** The stream that holds the events: the repositories that belong together. */
export type ProjectId = Brand<"project">
/** `<slug of the goal>-<4 characters>`, for example `add-sso-7k2f`. */
export type RunId = Brand<"run">
/** A task's own id inside its plan, for example `api`. */
export type TaskKey = Brand<"task key">
/** `<run>/<key>`. */
export type TaskId = Brand<"task">
/** `<run>.<key>.<number>`; the number is the attempt's fence. */
export type AttemptId = Brand<"attempt">
/** One conversation with an agent: a UUID. The session of an attempt has the attempt's id. */
export type SessionId = Brand<"session">
/** The checkout that a task's attempts work in: `<run>.<key>`. That of a session without a task: a UUID. */
export type WorkspaceId = Brand<"workspace">
/** Something that an agent is told: a prompt, or words while it works. */
export type MessageId = Brand<"message">
/** `cb-<number>`. */
export type CallbackId = Brand<"callback">
/** `c<number>`. */
export type ClaimId = Brand<"claim">
/** `d<number>`. */
export type DiscoveryId = Brand<"discovery">
export type ApprovalId = Brand<"approval">
/** The attempt that is to land, and how often it was tried: `<attempt>.<number>`. */
export type LandingId = Brand<"landing">
export type WorkerId = Brand<"worker">
/** One life of a worker process; a new one means that everything the old one held is gone. */
export type BootId = Brand<"boot">
/** What makes a job idempotent: `<kind>:<what it is for>`. */
export type JobKey = Brand<"job">

/** Brands a string that was made or checked here. The only door into these types. */
export function id<Name extends string>(text: string): Brand<Name> {
  return text as Brand<Name>
}

export const taskId = (run: RunId, key: TaskKey): TaskId => id(`${run}/${key}`)
export const attemptId = (run: RunId, key: TaskKey, number: number): AttemptId => id(`${run}.${key}.${number}`)
export const workspaceId = (run: RunId, key: TaskKey): WorkspaceId => id(`${run}.${key}`)
export const sessionOf = (attempt: AttemptId): SessionId => id(attempt)
