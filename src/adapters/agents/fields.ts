/** Reads fields out of JSON that an agent sent. What is not there, or is of another kind, reads as null or empty: agents change their shapes without asking. */

export type Json = Readonly<Record<string, unknown>>

export const record = (value: unknown): Json => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {})
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
export const text = (value: unknown): string => (typeof value === "string" ? value : "")
export const textOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null)
export const number = (value: unknown): number => (typeof value === "number" && Number.isFinite(value) ? value : 0)
export const numberOrNull = (value: unknown): number | null => (typeof value === "number" && Number.isFinite(value) ? value : null)

/** One line of a protocol of JSON lines; null when it is no object. */
export function parseLine(line: string): Json | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : null
  } catch {
    return null
  }
}
