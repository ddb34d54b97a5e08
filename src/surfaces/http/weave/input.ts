/** Bodies and queries of the compatible API, read once and checked; what comes out is trusted. */
import type { Context } from "hono"
import { z } from "zod"
import { fault, FaultError, type Fault } from "../../../domain/fault.ts"
import type { PromptAttachment } from "../../../protocol/session-views.ts"
import { badInput } from "./answers.ts"

const text = z.string()
const model = z.object({ providerID: text.min(1), modelID: text.min(1) })

const attachment = z.object({
  mime: z.enum(["image/png", "image/jpeg", "image/gif", "image/webp"]),
  filename: text.max(200).nullish(),
  data: text.min(1),
})

export const createBody = z.object({
  directory: text.min(1),
  title: text.nullish(),
  isolationStrategy: z.enum(["existing", "worktree", "clone"]).nullish(),
  branch: text.min(1).max(200).nullish(),
  initialPrompt: text.nullish(),
  context: z.object({ type: text.min(1), url: text, title: text, body: text.nullish(), metadata: z.unknown() }).nullish(),
  onComplete: z.object({ notifySessionId: text.min(1), notifyInstanceId: text.nullish() }).nullish(),
  /** Of the successor: which agent. */
  harnessType: text.min(1).nullish(),
})
export type CreateBody = z.output<typeof createBody>

export const promptBody = z.object({
  instanceId: text.nullish(),
  text: text.nullish(),
  agent: text.min(1).nullish(),
  model: model.nullish(),
  attachments: z.array(attachment).nullish(),
})
export type PromptBody = z.output<typeof promptBody>

export const commandBody = z.object({
  instanceId: text.nullish(),
  command: text.regex(/^\s*\/?[^\s/]/, "must name a command"),
  args: text.nullish(),
  agent: text.min(1).nullish(),
  model: model.nullish(),
})

export const forkBody = z.object({ title: text.nullish() })
export const renameBody = z.object({ title: text.nullish() }).loose()
export const fileBody = z.union([z.object({ type: z.literal("directory") }), z.object({ content: text, type: z.literal("file").nullish() })])
export const skillBody = z.object({ name: text.min(1).nullish() })
export const moveBody = z.object({ newPath: text.min(1) })
export const displayNameBody = z.object({ displayName: text.max(200).nullable() })
export const rootBody = z.object({ path: text.min(1) })
export const directoryBody = z.object({ path: text.min(1) })

/** The body as the schema has it. An empty one is an empty object. `known`: fields whose faults the contract has words for. */
export async function readBody<Schema extends z.ZodType>(
  context: Context,
  schema: Schema,
  known: Readonly<Record<string, Fault>> = {},
): Promise<z.output<Schema>> {
  const value = parseJson(await context.req.text())
  refuseNul(value, "the body")
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw badInput("the body is not usable", "it is no JSON object", "send an object: {…}")
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const own = known[String(issue?.path[0])]
  if (own !== undefined) throw new FaultError(own)
  const at = issue === undefined || issue.path.length === 0 ? "the body" : issue.path.map(String).join(".")
  throw badInput(
    `${at} is not usable`,
    (issue?.message ?? "it does not fit").replace(/^./, (first) => first.toLowerCase()),
    fixOf(issue),
  )
}

function fixOf(issue: z.core.$ZodIssue | undefined): string {
  switch (issue?.code) {
    case "invalid_value":
      return `send one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`
    case "invalid_type":
      return `send ${/^[aeiou]/.test(issue.expected) ? "an" : "a"} ${issue.expected}`
    case "too_big":
      return `send ${issue.maximum} at most`
    case "too_small":
      return "send something, or leave it out"
    case "invalid_format":
    case "invalid_union":
    case "not_multiple_of":
    case "unrecognized_keys":
    case "invalid_key":
    case "invalid_element":
    case "custom":
    case undefined:
      return "docs/contracts/weave.md leads to the shape of every body"
  }
}

function parseJson(body: string): unknown {
  if (body.trim() === "") return {}
  try {
    return JSON.parse(body) as unknown
  } catch {
    throw new FaultError(fault("bad-json", "Invalid JSON body", "it could not be parsed", "send application/json"))
  }
}

const depthMax = 50

/** No name, path or text of anybody's holds a NUL; the programs behind us end their strings with it. */
function refuseNul(value: unknown, at: string, depth = 0): void {
  if (depth > depthMax) throw badInput("the body is not usable", `it is nested more than ${depthMax} deep`, "send it as the contract has it")
  if (typeof value === "string" && value.includes("\0")) throw badInput(`${at} is not usable`, "it holds a NUL character", "send it without")
  if (typeof value === "object" && value !== null) for (const [key, inner] of Object.entries(value)) refuseNul(inner, key, depth + 1)
}

export interface NumberRule {
  readonly least: number
  readonly most: number
  readonly otherwise: number
}

/** A whole number of the query. */
export function numberOf(context: Context, name: string, { least, most, otherwise }: NumberRule): number {
  const given = context.req.query(name)
  if (given === undefined || given === "") return otherwise
  const number = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN
  if (number >= least && number <= most) return number
  throw badInput(`${name} is not usable`, `${JSON.stringify(given.slice(0, 40))} is no whole number from ${least} to ${most}`, `send ${name}=${otherwise}`)
}

export function flagOf(context: Context, name: string): boolean {
  const given = context.req.query(name)
  if (given === undefined || given === "" || given === "false" || given === "0") return false
  if (given === "true" || given === "1") return true
  throw badInput(`${name} is not usable`, `${JSON.stringify(given.slice(0, 40))} is neither true nor false`, `send ${name}=true`)
}

export const modelOf = (given: PromptBody["model"]): string | null => (given == null ? null : `${given.providerID}/${given.modelID}`)

export function attachmentsOf(given: PromptBody["attachments"]): PromptAttachment[] {
  return (given ?? []).map(({ mime, filename, data }, at) => {
    const bytes = data.replace(/^data:[^,]{0,100};base64,/, "")
    if (/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(bytes)) return { mime, name: filename ?? null, data: bytes }
    throw badInput(`attachments.${at}.data is not usable`, "it is no base64", "send the picture's bytes in base64, without anything before them")
  })
}
