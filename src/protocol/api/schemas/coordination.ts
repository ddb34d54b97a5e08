/** What keeps those who work side by side out of each other's way: claims, discoveries, the landing queue. */
import { z } from "zod"
import { count, givenDirectory, givenName, givenPath, instant, orNull, text } from "./fields.ts"

export const claimView = z
  .object({
    id: text.describe("of a claim that was taken; `<run>/<key>` of a task that claims by running"),
    by: z.enum(["task", "session", "person"]),
    holder: text.describe("who holds it, for people"),
    session: text.nullable(),
    task: text.nullable(),
    repository: text.describe("its common git directory"),
    scopes: z.array(z.object({ pattern: text, access: z.enum(["write", "read"]) })),
    purpose: text,
    takenAt: instant.nullable(),
    until: instant.nullable().describe("end of its lease; null: until the task is over"),
  })
  .meta({ id: "Claim" })
export type ClaimView = z.infer<typeof claimView>

const lease = z.number().positive().max(1_440).default(30).describe("1 to 1440")
export const takeClaim = z
  .strictObject({
    directory: givenDirectory.describe("absolute path in the repository"),
    scopes: z
      .array(z.strictObject({ pattern: givenPath, access: z.enum(["write", "read"]).default("write") }))
      .min(1)
      .max(1_000),
    purpose: z.string().min(1).max(1_000),
    session: givenName.nullable().default(null).describe("who it is for; an agent claims for itself"),
    leaseMinutes: lease,
  })
  .meta({ id: "TakeClaim" })
export const renewClaim = z.strictObject({ leaseMinutes: lease }).meta({ id: "RenewClaim" })

export const discoveryView = z
  .object({
    id: text,
    session: text.nullable(),
    task: text.nullable(),
    repository: text.nullable().describe("its common git directory"),
    text: text.describe("hostile text"),
    paths: z.array(text),
    at: instant,
  })
  .meta({ id: "Discovery" })
export type DiscoveryView = z.infer<typeof discoveryView>

export const reportDiscovery = z
  .strictObject({
    text: z.string().min(1).max(10_000),
    paths: z.array(givenPath).max(100).default([]).describe("paths or patterns that it is about"),
    session: givenName.nullable().default(null).describe("who found it; an agent reports for itself"),
    directory: givenDirectory.nullable().default(null).describe("absolute path in the repository that it is about"),
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
    task: text,
    repository: text,
    target: text,
    status: z.enum(["queued", "trying", "held"]),
    held: orNull(fault).describe("why the target cannot be moved now"),
    retryAt: instant.nullable(),
    tries: count,
  })
  .meta({ id: "Landing" })
export type LandingView = z.infer<typeof landingView>
