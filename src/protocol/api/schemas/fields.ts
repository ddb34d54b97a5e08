/** The fields that many schemas share, with the limits of what comes in, and what makes a list of anything. */
import { z } from "zod"

/** In every JSON object that Fleet prints; grows when a field changes its meaning. */
const versioned = z.object({ schema_version: z.literal(1) }).meta({ id: "Versioned" })

/** As it is on the wire. */
export const withVersion = (schema: z.ZodType): z.ZodType => z.intersection(versioned, schema)

/** Never `.nullable()` of a named schema: its OpenAPI form would let no null through. */
export const orNull = <T>(schema: z.ZodType<T>): z.ZodType<T | null> => z.union([schema, z.null()])

export const instant = z.number().describe("epoch milliseconds")
export const count = z.number().int().min(0)
export const text = z.string()

/** No control characters; without a flag, so that the OpenAPI document can say it too. */
const plain = /^[ -~\u00a0-\uffff]*$/
/** A name that a caller gives: of a run, a task, a session, a branch. */
export const givenName = z.string().min(1).max(200).regex(plain, "has a control character")
export const givenText = z.string().max(1_000_000)
/** Hub and worker look at what it really leads to. */
export const givenPath = z.string().min(1).max(4_096).regex(plain, "has a control character")
export const givenDirectory = givenPath.startsWith("/", "is not an absolute path")

const pageMax = 1_000
export const paging = {
  limit: z.coerce.number().int().min(1).max(pageMax).default(100).describe("items at most"),
  cursor: z.string().max(500).optional().describe("`next_cursor` of the page before"),
}
export const flag = z
  .enum(["0", "1", "false", "true"])
  .transform((value) => value === "1" || value === "true")
  .describe("1 or true, 0 or false")
/** A parameter that can be given several times. */
export const several = <T>(schema: z.ZodType<T>, most: number): z.ZodType<readonly T[]> =>
  z.preprocess((given) => (given === undefined ? [] : Array.isArray(given) ? given : [given]), z.array(schema).max(most)).optional() as never

export interface Page<Item> {
  readonly items: readonly Item[]
  /** Null: there is nothing after it. */
  readonly next_cursor: string | null
}
export const pageOf = <Item>(name: string, schema: z.ZodType<Item>): z.ZodType<Page<Item>> =>
  z.object({ items: z.array(schema), next_cursor: z.string().nullable().describe("for the next page; null: this was the last") }).meta({ id: `${name}Page` })
