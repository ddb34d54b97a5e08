/** How a command speaks: results on stdout, progress on stderr, JSON with its version, colour only where it is wanted. */
import { schemaVersion } from "../../protocol/views.ts"
import { columnsOfStream } from "./columns.ts"
import type { CliContext, CliOutput } from "./context.ts"
import { colourPaint, plainPaint, signsFor, wantsColour, type Paint, type Signs } from "./style.ts"

export interface Output {
  readonly paint: Paint
  readonly signs: Signs
  /** Width of the terminal that results go to. */
  readonly columns: number
  /** Whether a person reads the results on a terminal. */
  readonly isTerminal: boolean
  /** Bytes of the result as they are. Never for text of agents on a terminal. */
  raw(text: string): void
  /** A line of the result. */
  line(text?: string): void
  /** A line of progress, on stderr. */
  note(text: string): void
  /** One JSON object on a line of stdout, with `schema_version`. */
  json(value: object): void
  /** A list in its envelope. */
  list(items: readonly unknown[]): void
}

export function outputOf(context: CliContext): Output {
  const json = (value: object): void => void context.stdout.write(`${jsonText({ schema_version: schemaVersion, ...value })}\n`)
  return {
    paint: paintFor(context, context.stdout),
    signs: signsFor(context.env),
    columns: columnsOfStream(context.stdout),
    isTerminal: context.stdout.isTTY === true,
    raw: (text) => void context.stdout.write(text),
    line: (text = "") => void context.stdout.write(`${text}\n`),
    note: (text) => void context.stderr.write(`${text}\n`),
    json,
    list: (items) => json({ items }),
  }
}

export function paintFor(context: CliContext, stream: CliOutput): Paint {
  return wantsColour(stream, context.env, context.argv) ? colourPaint : plainPaint
}

/** JSON that is safe on a terminal: C1 controls, DEL, line separators and direction overrides are escaped as well. */
export function jsonText(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(
    // oxlint-disable-next-line no-control-regex -- these are what is to be escaped
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  )
}
