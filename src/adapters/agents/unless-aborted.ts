/** Work that nobody waits for any more once a signal says so. */

/** Rejects with the signal's reason at once; the work itself goes on, and is ended by whoever owns it. */
export function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const abort = (): void => aborted.reject(signal.reason instanceof Error ? signal.reason : new Error("aborted"))
  signal.addEventListener("abort", abort, { once: true })
  if (signal.aborted) abort()
  return Promise.race([work, aborted.promise]).finally(() => signal.removeEventListener("abort", abort))
}
