/** The commands of `fleet planning` about claims: who works where. */
import type { CommandSpec } from "./spec.ts"

export const claimCommands: readonly CommandSpec[] = []
