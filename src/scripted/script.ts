/**
 * The script language that the scripted agent and the scripted model obey: markers in a prompt, performed in order. Pure.
 * Only the prompt is read, never a file; markers inside a fenced code block are quoted text (a conflict note shows both sides in such blocks).
 */
import { readMarkers, type Marker } from "./markers.ts"

export type Step =
  | { readonly kind: "write"; readonly path: string; readonly text: string }
  | { readonly kind: "append"; readonly path: string; readonly text: string }
  | { readonly kind: "edit"; readonly path: string; readonly old: string; readonly new: string }
  | { readonly kind: "delete"; readonly path: string }
  /** Write the file and `git add` it. */
  | { readonly kind: "resolve"; readonly path: string; readonly text: string }
  | { readonly kind: "run"; readonly cmd: string }
  /** Ask a permission for the command; run it when allowed. */
  | { readonly kind: "ask"; readonly cmd: string }
  /** `git add -A` and commit. */
  | { readonly kind: "commit"; readonly message: string }
  /** Call a tool that the agent has from elsewhere, by the end of its name. Only a model behind a real agent can. */
  | { readonly kind: "call"; readonly tool: string; readonly input: string }
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "think"; readonly text: string }
  | { readonly kind: "handoff"; readonly items: readonly string[] }
  | { readonly kind: "sleep"; readonly ms: number }
  | { readonly kind: "hang" }
  /** A provider error. `times` is how often it happens before it goes well (`Infinity` for always); `marker` tells two of them apart. */
  | { readonly kind: "fail"; readonly status: number; readonly retryAfter: number | null; readonly times: number; readonly marker: string }
  /** The stream breaks off. */
  | { readonly kind: "drop" }
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "usage"; readonly input: number; readonly output: number }
  /** The script itself is wrong: whoever performs it must fail, loudly. */
  | { readonly kind: "error"; readonly message: string }

export interface ScriptContext {
  /** `FLEET_ATTEMPT`, 1 for the first. */
  readonly attempt: number
  /** The session was resumed after its process had ended. */
  readonly resumed: boolean
  /** See `holdsConflictNote`. */
  readonly conflict: boolean
}

/** The steps of a prompt, with `[[if …]]` decided. Empty when there is no marker. A mistake is an `error` step in its place. */
export function parseScript(prompt: string, context: ScriptContext): Step[] {
  const steps: Step[] = []
  // One entry for each open `if`: whether its current branch is taken. Outside, everything is.
  const branches: boolean[] = []
  for (const marker of readMarkers(unfenced(prompt))) {
    if (marker.name === "if") branches.push(holds(marker, context, steps))
    else if (marker.name === "else" || marker.name === "end") turnBranch(marker, branches, steps)
    else if (branches.every(Boolean)) steps.push(stepOf(marker))
  }
  if (branches.length > 0) steps.push(wrong("[[if]] without [[end]]"))
  return steps
}

/** True when a line outside markers and fences begins with "Conflict" or "Merge conflict", as a heading or plain. */
export function holdsConflictNote(prompt: string): boolean {
  return /^[#>*\s]*(merge )?conflict/im.test(unfenced(prompt))
}

/** The block in which an agent reports what others should know. */
export function handoffBlock(items: readonly string[]): string {
  return ["---HANDOFF---", ...items.map((item) => `- ${item}`), "---"].join("\n")
}

function unfenced(prompt: string): string {
  return prompt.replace(/^(```+|~~~+)[^\n]*\n[\s\S]*?(^\1[^\n]*$|$(?![\s\S]))/gm, "")
}

function holds(marker: Marker, context: ScriptContext, steps: Step[]): boolean {
  const attempt = marker.named.get("attempt")
  if (attempt !== undefined) return Number(attempt) === context.attempt
  const [condition] = marker.positional
  if (condition === "resumed") return context.resumed
  if (condition === "conflict") return context.conflict
  steps.push(wrong(`${marker.text}: the conditions are attempt=N, resumed and conflict`))
  return false
}

function turnBranch(marker: Marker, branches: boolean[], steps: Step[]): void {
  const taken = branches.pop()
  if (taken === undefined) steps.push(wrong(`${marker.text} without [[if]]`))
  else if (marker.name === "else") branches.push(!taken)
}

function stepOf(marker: Marker): Step {
  if (marker.fault !== null) return wrong(`${marker.text}: ${marker.fault}`)
  const read = readers.get(marker.name)
  if (read === undefined) return wrong(`${marker.text}: there is no marker "${marker.name}"`)
  const asked = new Asked(marker)
  const step = read(asked)
  const fault = asked.fault()
  return fault === null ? step : wrong(`${marker.text}: ${fault}`)
}

const wrong = (message: string): Step => ({ kind: "error", message })

const readers: ReadonlyMap<string, (asked: Asked) => Step> = new Map<string, (asked: Asked) => Step>([
  ["write", (asked) => ({ kind: "write", path: asked.text("path"), text: asked.text("text") })],
  ["append", (asked) => ({ kind: "append", path: asked.text("path"), text: asked.text("text") })],
  ["edit", (asked) => ({ kind: "edit", path: asked.text("path"), old: asked.text("old"), new: asked.text("new") })],
  ["delete", (asked) => ({ kind: "delete", path: asked.text("path") })],
  ["resolve", (asked) => ({ kind: "resolve", path: asked.text("path"), text: asked.text("text") })],
  ["run", (asked) => ({ kind: "run", cmd: asked.text("cmd") })],
  ["ask", (asked) => ({ kind: "ask", cmd: asked.text("cmd") })],
  ["commit", (asked) => ({ kind: "commit", message: asked.text("message") })],
  ["call", (asked) => ({ kind: "call", tool: asked.text("tool"), input: asked.text("input") })],
  ["say", (asked) => ({ kind: "say", text: asked.all().join(" ") })],
  ["think", (asked) => ({ kind: "think", text: asked.all().join(" ") })],
  ["handoff", (asked) => ({ kind: "handoff", items: asked.all() })],
  ["sleep", (asked) => ({ kind: "sleep", ms: asked.number("ms") })],
  ["hang", () => ({ kind: "hang" })],
  [
    "fail",
    (asked) => ({
      kind: "fail",
      status: asked.number("status"),
      retryAfter: asked.numberOr("retry_after", null),
      times: asked.is("times", "always") ? Infinity : (asked.numberOr("times", 1) ?? 1),
      marker: asked.marker.text,
    }),
  ],
  ["drop", () => ({ kind: "drop" })],
  ["exit", (asked) => ({ kind: "exit", code: asked.number("code") })],
  ["usage", (asked) => ({ kind: "usage", input: asked.number("in"), output: asked.number("out") })],
])

/** What a step asks of its marker; remembers what was missing, wrong or never asked for. */
class Asked {
  readonly marker: Marker
  readonly #unread: Set<string>
  readonly #faults: string[] = []
  #positionalRead = false

  constructor(marker: Marker) {
    this.marker = marker
    this.#unread = new Set(marker.named.keys())
  }

  text(key: string): string {
    this.#unread.delete(key)
    const value = this.marker.named.get(key)
    if (value === undefined) this.#faults.push(`${key}= is missing`)
    return value ?? ""
  }

  number(key: string): number {
    return this.#whole(key, this.text(key))
  }

  numberOr(key: string, otherwise: number | null): number | null {
    this.#unread.delete(key)
    const value = this.marker.named.get(key)
    return value === undefined ? otherwise : this.#whole(key, value)
  }

  is(key: string, value: string): boolean {
    const equal = this.marker.named.get(key) === value
    if (equal) this.#unread.delete(key)
    return equal
  }

  all(): readonly string[] {
    this.#positionalRead = true
    if (this.marker.positional.length === 0) this.#faults.push("it needs a text")
    return this.marker.positional
  }

  fault(): string | null {
    for (const key of this.#unread) this.#faults.push(`it knows no ${key}=`)
    if (!this.#positionalRead && this.marker.positional.length > 0) this.#faults.push(`"${this.marker.positional[0]}" is not a key=value`)
    return this.#faults.length === 0 ? null : this.#faults.join(", ")
  }

  #whole(key: string, value: string): number {
    const number = Number(value)
    if (value !== "" && Number.isFinite(number) && number >= 0) return number
    if (value !== "") this.#faults.push(`${key}= is not a number`)
    return 0
  }
}
