/**
 * Whether the one who wrote a claim still works, by everything that is known of it together (C.1.93). No fact decides alone:
 * the pid in an instance's file may be that of a shell that lived for one command (C.4.2), and a worktree outlives a crash.
 */

export interface InstanceFacts {
  /** Null: it has no file of its own, only a claim. */
  readonly instance: { readonly lastSeen: number | null; readonly status: string } | null
  /** When it claimed; null: nobody knows. */
  readonly claimedAt: number | null
  /** Of the pid that it gave. `gone`: no process has it, or one that started later. `unknown`: it gave none, or this machine cannot tell. */
  readonly process: "alive" | "gone" | "unknown"
  /** The checkout that carries its id, and when something in it changed last. `unknown`: git could not be asked. */
  readonly worktree: { readonly changedAt: number | null } | "none" | "unknown"
  /** What was heard of its end after the claim: a HANDOFF or a completion, or a failure. */
  readonly ended: "complete" | "failed" | null
  /** Its id has the form that Fleet gives to those that work in a worktree of their own: `fleet-<slug>-w1-a3`. */
  readonly hasFleetId: boolean
}

export type Life = "alive" | "finished" | "dead" | "unknown"

export interface Judgement {
  readonly is: Life
  /** As the lists of Citadel have it: `dead process`, `stale`. */
  readonly word: string
  /** A clause. */
  readonly why: string
}

/** Without a sign for this long it is stale (C.2). */
export const staleMs = 2 * 60 * 60_000
/** So long a dead pid proves nothing: it is what an agent that builds may take by default without ever writing a heartbeat (C.1.75). */
export const graceMs = 30 * 60_000

/**
 * In this order; a *sign* is the claim, a heartbeat, or a change in its worktree, whichever is the latest:
 * 1. it said that it ended: finished, or dead when it failed;
 * 2. a sign younger than the grace: alive, whatever its pid says;
 * 3. a sign younger than two hours: dead if its process is gone and it has no worktree, else alive;
 * 4. no sign for two hours: alive if it has Fleet's form of id and its process lives (Fleet writes that of the worker); else dead if it has an
 *    instance file (it would have gone on writing), or has Fleet's form of id and no worktree;
 * 5. nothing of this: unknown. Whoever is not dead or finished keeps what it holds.
 * `now` and all instants are in milliseconds.
 */
export function lifeOf(facts: InstanceFacts, now: number): Judgement {
  const { instance, worktree } = facts
  if (facts.ended === "complete" || isCompleted(instance?.status ?? "")) return { is: "finished", word: "completed", why: "it said that it is done" }
  if (facts.ended === "failed") return { is: "dead", word: "failed", why: "it ended with a failure" }
  const sign = lastSign(facts)
  if (sign === null) return { is: "unknown", word: "unknown", why: "nothing says when it was last there" }
  const silentMs = now - sign
  const silent = `no sign of it for ${minutes(silentMs)}`
  if (silentMs < staleMs) {
    const isGone = silentMs >= graceMs && facts.process === "gone" && worktree === "none"
    return isGone ? { is: "dead", word: "dead process", why: `no process, no worktree, ${silent}` } : { is: "alive", word: "alive", why: silent }
  }
  if (facts.hasFleetId && facts.process === "alive") return { is: "alive", word: "alive", why: `its process lives, though ${silent}` }
  if (instance !== null) return { is: "dead", word: "stale", why: silent }
  if (facts.hasFleetId && worktree === "none") return { is: "dead", word: "stale", why: `no worktree, ${silent}` }
  return { is: "unknown", word: "unknown", why: `no instance file, ${silent}` }
}

function lastSign({ instance, claimedAt, worktree }: InstanceFacts): number | null {
  const changedAt = typeof worktree === "string" ? null : worktree.changedAt
  const signs = [instance?.lastSeen ?? null, claimedAt, changedAt].filter((sign) => sign !== null)
  return signs.length === 0 ? null : Math.max(...signs)
}

const isCompleted = (status: string): boolean => /^(complete|completed|done|finished|success|merged)$/i.test(status)

function minutes(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / 60_000))
  return whole === 1 ? "1 minute" : `${whole} minutes`
}
