/** Reads the text of `.claude/harness.json`, which people and other tools write: what is understood counts, the rest is told and left alone. */
import { z } from "zod"
import type { Consent } from "../../domain/gate/consent.ts"
import { noTrust, type TrustCounts } from "../../domain/gate/trust.ts"
import type { TaskType } from "../../domain/plan/plan.ts"
import { isObject } from "./json-edit.ts"

export interface Harness {
  /** How long an agent may take, by its type (C.1.75, C.1.76). */
  readonly timeoutsMs: Readonly<Record<TaskType, number>>
  readonly trust: TrustCounts
  readonly consent: Readonly<Record<ConsentCategory, Consent | null>>
  /** Shell lines; null where the file names none. */
  readonly commands: Readonly<Record<"typecheck" | "test" | "lint", string | null>>
}

export const consentCategories = ["externalActions", "daemonSpend", "fleetSpawn"] as const
export type ConsentCategory = (typeof consentCategories)[number]

const minuteMs = 60_000

export const emptyHarness: Harness = {
  timeoutsMs: { skill: 10 * minuteMs, research: 15 * minuteMs, build: 30 * minuteMs },
  trust: noTrust,
  consent: { externalActions: null, daemonSpend: null, fleetSpawn: null },
  commands: { typecheck: null, test: null, lint: null },
}

export type ParsedHarness =
  | {
      readonly ok: true
      readonly harness: Harness
      /** What could not be understood, a clause each; the defaults stand in its place. */
      readonly wrong: readonly string[]
    }
  | { readonly ok: false; readonly why: string }

const timeoutMs = z
  .number()
  .min(1_000)
  .max(7 * 24 * 60 * minuteMs)
const count = z.number().int().min(0).max(1_000_000_000)
const level = z.enum(["novice", "familiar", "trusted"]).nullable()
const consent = z.enum(["always-ask", "session-allow", "auto-allow"]).nullable()
const command = z.string().max(10_000).nullable()

/** Not ok: it is no JSON object at all. */
export function parseHarness(text: string): ParsedHarness {
  const json = parseJson(text.replace(/^\ufeff/, ""))
  if (!json.ok) return json
  if (!isObject(json.value)) return { ok: false, why: "it holds no JSON object" }
  const fields = new Fields(json.value)
  const usual = emptyHarness.timeoutsMs
  const harness: Harness = {
    timeoutsMs: {
      skill: fields.read(["agentTimeouts", "skill"], timeoutMs, usual.skill, milliseconds),
      research: fields.read(["agentTimeouts", "research"], timeoutMs, usual.research, milliseconds),
      build: fields.read(["agentTimeouts", "build"], timeoutMs, usual.build, milliseconds),
    },
    trust: trustFrom(fields),
    consent: {
      externalActions: fields.read(["consent", "externalActions"], consent, null, answers),
      daemonSpend: fields.read(["consent", "daemonSpend"], consent, null, answers),
      fleetSpawn: fields.read(["consent", "fleetSpawn"], consent, null, answers),
    },
    commands: { typecheck: commandFrom(fields, "typecheck"), test: commandFrom(fields, "test"), lint: commandFrom(fields, "lint") },
  }
  return { ok: true, harness, wrong: fields.wrong }
}

const milliseconds = "is not a number of milliseconds between 1000 and seven days"
const answers = "is none of always-ask, session-allow, auto-allow"
const number = "is not a count"

function trustFrom(fields: Fields): TrustCounts {
  const counted = (name: string): number => fields.read(["trust", name], count, 0, number)
  return {
    sessions: counted("sessions_completed"),
    campaigns: counted("campaigns_completed"),
    reverted: counted("campaigns_reverted"),
    cleanMerges: counted("fleet_clean_merges"),
    override: fields.read(["trust", "override"], level, null, "is none of novice, familiar, trusted"),
  }
}

/** `{ "command": "npm test" }`, or the line itself. */
function commandFrom(fields: Fields, name: "typecheck" | "test" | "lint"): string | null {
  const line = fields.isText(name) ? fields.read([name], command, null, "is no command") : fields.read([name, "command"], command, null, "is no command")
  return line === null || line.trim() === "" || line.includes("\0") ? null : line.trim()
}

class Fields {
  readonly wrong: string[] = []
  readonly #root: Readonly<Record<string, unknown>>
  constructor(root: Readonly<Record<string, unknown>>) {
    this.#root = root
  }

  isText(name: string): boolean {
    return typeof this.#root[name] === "string"
  }

  /** `instead` where nothing is written, and, told, where something else is. */
  read<T>(path: readonly string[], schema: z.ZodType<T>, instead: T, told: string): T {
    let value: unknown = this.#root
    for (const [at, step] of path.entries()) {
      if (!isObject(value)) return this.#tell(path.slice(0, at), "is no object", instead)
      value = Object.hasOwn(value, step) ? value[step] : undefined
      if (value === undefined || value === null) return instead
    }
    const parsed = schema.safeParse(value)
    return parsed.success ? parsed.data : this.#tell(path, told, instead)
  }

  #tell<T>(path: readonly string[], what: string, instead: T): T {
    const told = `${path.join(".")} ${what}`
    if (!this.wrong.includes(told)) this.wrong.push(told)
    return instead
  }
}

export function parseJson(text: string): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly why: string } {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) }
  }
}
