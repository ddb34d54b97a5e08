/** Cuts lists and texts to what fits into an answer, and says where the rest begins. */
import { z } from "zod"
import { fault, FaultError } from "../../domain/fault.ts"
import { plainText } from "../../runtime/plain-text.ts"

/** Of what a tool puts into the list or text that its answer is about; the form has room for the rest beside it. */
export const bodyBytesMax = 16_000

export const limitOf = (usual: number, most = 100): z.ZodDefault<z.ZodNumber> =>
  z.number().int().min(1).max(most).default(usual).describe(`how many at most (default ${usual})`)
export const cursor = z.string().max(500).nullable().default(null).describe("next_cursor of the page before; null for the first")
export const nextCursor = z.string().nullable().describe("cursor of the next page; null when this was the last")

/** One plain line. */
export const line = (hostile: string, charsMax = 200): string => plainText(hostile, { oneLine: true, maxChars: charsMax })

/** As many from `from` on as fit; `next` is the index to go on from, or null. Takes at least one. */
export function fit<Item>(items: readonly Item[], from: number, limit: number, bytesMax = bodyBytesMax): { items: Item[]; next: number | null } {
  const taken: Item[] = []
  let bytes = 0
  for (const item of items.slice(from, from + limit)) {
    bytes += Buffer.byteLength(JSON.stringify(item))
    if (bytes > bytesMax && taken.length > 0) break
    taken.push(item)
  }
  const next = from + taken.length
  return { items: taken, next: next < items.length ? next : null }
}

/** The part of a text from a character on, no more than some bytes as JSON, and where the rest begins. Never ends within a surrogate pair. */
export function textFrom(text: string, from: number, bytesMax = bodyBytesMax): { text: string; next: number | null } {
  let end = Math.min(text.length, from + bytesMax)
  while (end > from && Buffer.byteLength(JSON.stringify(text.slice(from, end))) > bytesMax) end = from + Math.floor((end - from) * 0.8)
  if (end < text.length && end > from + 1 && /[\ud800-\udbff]/.test(text[end - 1] ?? "")) end -= 1
  return { text: text.slice(from, end), next: end < text.length ? end : null }
}

/** A cursor that is a number. */
export function placeOf(given: string | null): number {
  if (given === null) return 0
  if (/^\d{1,15}$/.test(given)) return Number(given)
  throw new FaultError(fault("bad-cursor", "this is no cursor of this tool", line(given, 60), "pass next_cursor as it was given, or leave it out"))
}
export const cursorOf = (place: number | null): string | null => (place === null ? null : String(place))
