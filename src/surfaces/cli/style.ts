/** Colour and signs. Colour is never the only bearer of a meaning: every state has a sign and a word too. */
import { styleText } from "node:util"
import type { CliOutput } from "./context.ts"

type Environment = Readonly<Record<string, string | undefined>>

export type Tone = "bold" | "dim" | "red" | "green" | "yellow" | "blue" | "magenta" | "cyan"
export type Paint = (tone: Tone, text: string) => string

export const plainPaint: Paint = (_, text) => text
export const colourPaint: Paint = (tone, text) => styleText(tone, text, { validateStream: false })

/** Asked for by `--no-color`, `NO_COLOR` and `FORCE_COLOR`, in this order; else whether the stream is a terminal. */
export function wantsColour(stream: CliOutput, env: Environment, argv: readonly string[]): boolean {
  if (argv.includes("--no-color")) return false
  if (env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "") return false
  const forced = env["FORCE_COLOR"]
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false"
  return stream.isTTY === true && env["TERM"] !== "dumb"
}

/** Signs that the person's locale can show. */
export interface Signs {
  readonly ellipsis: string
  readonly dash: string
  readonly arrow: string
  readonly dot: string
  readonly needsYou: string
  readonly failed: string
  readonly unknown: string
  readonly working: string
  readonly verifying: string
  readonly landing: string
  readonly starting: string
  readonly queued: string
  readonly done: string
  readonly cancelled: string
}

export const unicodeSigns: Signs = {
  ellipsis: "…",
  dash: "—",
  arrow: "→",
  dot: "·",
  needsYou: "!",
  failed: "✗",
  unknown: "?",
  working: "●",
  verifying: "◆",
  landing: "▲",
  starting: "◐",
  queued: "○",
  done: "✓",
  cancelled: "⊘",
}

export const asciiSigns: Signs = {
  ellipsis: "~",
  dash: "-",
  arrow: "->",
  dot: "-",
  needsYou: "!",
  failed: "x",
  unknown: "?",
  working: "*",
  verifying: "=",
  landing: "^",
  starting: ">",
  queued: ".",
  done: "+",
  cancelled: "/",
}

/** Terminals without a UTF-8 locale (a bare container, tmux in it) show other characters as rubbish. */
export function signsFor(env: Environment): Signs {
  const locale = [env["LC_ALL"], env["LC_CTYPE"], env["LANG"]].find((value) => value !== undefined && value !== "") ?? ""
  return /utf-?8/i.test(locale) ? unicodeSigns : asciiSigns
}
