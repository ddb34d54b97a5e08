/**
 * Waits until something is true by asking again and again. Only for what announces itself by no event: a process that is nobody's
 * child any more, a file that another program writes. Where there is an event, wait for the event.
 */
import { setTimeout as delay } from "node:timers/promises"

const askAgainMs = 15

/** Resolves to the first value that is not null, undefined or false. Rejects when the deadline passes, saying `what` was waited for. */
export async function eventually<T>(what: string, ask: () => T | Promise<T>, deadlineMs = 20_000): Promise<NonNullable<Exclude<T, false>>> {
  const endsAt = performance.now() + deadlineMs
  for (;;) {
    const answer = await ask()
    if (answer !== null && answer !== undefined && answer !== false) return answer as NonNullable<Exclude<T, false>>
    if (performance.now() > endsAt) throw new Error(`waited ${deadlineMs} ms in vain: ${what}`)
    await delay(askAgainMs)
  }
}
