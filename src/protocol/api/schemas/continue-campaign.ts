/** A campaign that goes on from its session file, as a surface asks for it. */
import { z } from "zod"
import type { StartCampaign } from "../../campaign-views.ts"
import type { RunView } from "../../views.ts"
import { givenDirectory, givenName, text } from "./fields.ts"
import { runView } from "./work.ts"

/** Body of `POST /v1/campaigns/continue`. */
export interface ContinueCampaign extends Pick<StartCampaign, "directory" | "target" | "agent" | "slots" | "waveSize" | "confirmMerges" | "confirmed"> {
  /** `auth` of `.planning/fleet/session-auth.md`; null: the newest of which something is left. */
  readonly slug: string | null
  /** Text of the session file; null: the worker reads it. */
  readonly file: string | null
  /** Also when the file does not say `Auto-continue: true`. */
  readonly anyway: boolean
}

export interface ContinuedCampaign {
  readonly run: RunView
  /** What was found about the file, and what else of the project could not be read: a sentence each. */
  readonly said: readonly string[]
}

export const continueCampaign: z.ZodType<ContinueCampaign> = z
  .strictObject({
    directory: givenDirectory.describe("absolute path of the checkout"),
    file: z
      .string()
      .max(1_000_000)
      .nullable()
      .default(null)
      .describe("text of the session file; null: that of the slug, or the newest of which something is left"),
    slug: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "is a name of letters, digits, dots, dashes and underscores")
      .nullable()
      .default(null)
      .describe("`auth` of `.planning/fleet/session-auth.md`"),
    anyway: z.boolean().default(false).describe("also when the file says `Auto-continue: false`; without it that is refused as `auto-continue-off`"),
    target: givenName.nullable().default(null).describe("null: the branch that is checked out there"),
    agent: givenName.nullable().default(null),
    slots: z.number().int().min(1).max(10_000).nullable().default(null),
    waveSize: z.number().int().min(1).max(1_000).nullable().default(3).describe("agents of a wave; null: no waves"),
    confirmMerges: z.boolean().default(false).describe("a person is asked before each wave is merged"),
    confirmed: z.enum(["yes", "unless-red", "no"]).default("no").describe("whether the person has agreed; no agent can say so for them"),
  })
  .meta({ id: "ContinueCampaign" })

export const continuedCampaign: z.ZodType<ContinuedCampaign> = z
  .object({ run: runView, said: z.array(text).describe("rows that are done again, what of the project could not be read: a sentence each") })
  .meta({ id: "ContinuedCampaign" })
