/** An edit that somebody made to a session file, and what Fleet is asked by it. */
import { fault, type Fault } from "../fault.ts"
import type { QueueRow } from "./session-file.ts"

export type QueueEdit =
  | { readonly kind: "add"; readonly row: QueueRow }
  | { readonly kind: "scope"; readonly number: number; readonly scope: readonly string[] }
  | { readonly kind: "deps"; readonly number: number; readonly deps: readonly number[] }
  | { readonly kind: "skip"; readonly number: number }
  /** Its status was set back to pending. */
  | { readonly kind: "requeue"; readonly number: number }
  | { readonly kind: "direction"; readonly direction: string }
  /** A line was added to the Shared Context: what a person wants all later agents to know. */
  | { readonly kind: "share"; readonly text: string }
  | { readonly kind: "auto-continue"; readonly autoContinue: boolean }
  | ({ readonly kind: "refused"; readonly number: number | null } & Fault)

export const refusal = (number: number | null, code: string, what: string, why: string, fix: string): QueueEdit => ({
  kind: "refused",
  number,
  ...fault(code, what, why, fix),
})
