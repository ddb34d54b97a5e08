/** What keeps those who work side by side out of each other's way: claims, discoveries, the landing queue. */
import { z } from "zod"
import type { ClaimView, DiscoveryView, ReportDiscovery, TakeClaim } from "../../coordination-views.ts"
import { count, givenDirectory, givenName, givenPath, instant, orNull, text } from "./fields.ts"

export const claimView: z.ZodType<ClaimView> = z
  .object({
    id: text.describe("of one that was taken under a lease; a task's claim has the task's id"),
    holder: text.describe("who holds it, for people"),
    task: text.nullable(),
    session: text.nullable(),
    repository: text.describe("git's common directory of the repository"),
    scopes: z.array(text),
    purpose: text,
    since: instant.nullable(),
    until: instant.nullable().describe("null: until the task has landed or ended"),
  })
  .meta({ id: "Claim" })

const minutes = z.number().positive().max(1_440).default(30).describe("1 to 1440")
export const takeClaim: z.ZodType<TakeClaim> = z
  .strictObject({
    directory: givenDirectory.describe("absolute path of a directory in the repository"),
    scopes: z.array(givenPath).min(1).max(1_000).describe("as in a plan: `src/api`, `src/**` or `docs (read-only)`"),
    purpose: z.string().min(1).max(1_000),
    minutes,
    session: givenName.nullable().default(null).describe("that it is for: it is given back when that ends. An agent claims for itself"),
  })
  .meta({ id: "TakeClaim" })
export const renewClaim = z.strictObject({ minutes }).meta({ id: "RenewClaim" })

export const discoveryView: z.ZodType<DiscoveryView> = z
  .object({
    id: text,
    session: text.nullable(),
    task: text.nullable(),
    repository: text.nullable().describe("git's common directory of the repository"),
    text: text.describe("hostile text"),
    paths: z.array(text),
    at: instant,
  })
  .meta({ id: "Discovery" })

export const reportDiscovery: z.ZodType<ReportDiscovery> = z
  .strictObject({
    text: z.string().min(1).max(10_000),
    paths: z.array(givenPath).max(100).default([]).describe("paths or patterns that it is about"),
    directory: givenDirectory.nullable().default(null).describe("where it holds; null: that of the session, or everywhere"),
    session: givenName.nullable().default(null).describe("who found it. An agent reports for itself"),
  })
  .meta({ id: "ReportDiscovery" })

export const handOff = z.strictObject({ items: z.array(z.string().min(1).max(2_000)).min(1).max(50) }).meta({ id: "HandOff" })
export const handedOff = z.object({ session: text, items: count }).meta({ id: "HandedOff" })

const fault = z.object({ code: text, what: text, why: text, fix: text }).meta({ id: "Fault" })
export const landingView = z
  .object({
    id: text,
    number: count.describe("the order of the queue"),
    run: text,
    task: text.describe("the first of `tasks`"),
    tasks: z.array(text).describe("keys of all that land in this merge"),
    wave: count.nullable().describe("whose work it is, in a run in waves"),
    repository: text,
    target: text,
    status: z.enum(["queued", "asked", "trying", "held"]).describe("asked: a person is asked whether it may land"),
    held: orNull(fault).describe("why the target cannot be moved now"),
    retryAt: instant.nullable(),
    tries: count,
  })
  .meta({ id: "Landing" })
export type LandingView = z.infer<typeof landingView>
