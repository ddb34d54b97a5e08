/** Operations about campaigns: a direction that is split, in waves, or tried in several ways. */
import { z } from "zod"
import { healthFindings } from "../../health.ts"
import { begun, created, json, none, operation } from "../operation.ts"
import { continueCampaign, continuedCampaign } from "../schemas/continue-campaign.ts"
import { comparison, pickStrategy, startCampaign } from "../schemas/campaign.ts"
import { count, givenDirectory, givenName } from "../schemas/fields.ts"
import { plan } from "../schemas/plan.ts"
import { runView, startedCampaign } from "../schemas/work.ts"

const ofRun = z.strictObject({ run: givenName.describe("id, unique prefix, or `@last`") })
const atRun = ({ id }: { readonly id: string }): string => `/v1/runs/${encodeURIComponent(id)}`

export const campaignOperations = {
  startCampaign: operation({
    method: "post",
    path: "/v1/campaigns",
    tag: "campaigns",
    summary: "Start a campaign from a direction, a specification or tasks",
    description:
      "Answers when its run is committed. Where no plan is given an agent makes one first; it is criticised in code and sent back with its faults. " +
      "Before any task starts the campaign passes its gate: where a person must agree, it waits in the inbox as an approval of kind `start`.",
    body: startCampaign,
    answer: created(startedCampaign, atRun),
    kind: "long",
    permission: "lead",
    cli: "run",
    mcp: "run_campaign",
  }),
  continueCampaign: operation({
    method: "post",
    path: "/v1/campaigns/continue",
    tag: "campaigns",
    summary: "Go on with a campaign from its session file",
    description:
      "Needs nothing but the file `.planning/fleet/session-<slug>.md`. Rows that it calls complete are looked for on the target by their commit, and done again when that is not there; " +
      "`said` tells of each. Refused when the campaign runs already, when nothing is left, and when the file does not say `Auto-continue: true` and `anyway` is not set.",
    body: continueCampaign,
    answer: created(continuedCampaign, ({ run }) => atRun(run)),
    kind: "long",
    permission: "lead",
    cli: "continue",
    mcp: "continue_campaign",
  }),
  compareStrategies: operation({
    method: "get",
    path: "/v1/runs/{run}/comparison",
    tag: "campaigns",
    summary: "The strategies of a speculative campaign side by side",
    description: "What Fleet saw of each: checks, size, complexity, benchmark, tokens and time. Their agents' own words are marked as such.",
    params: ofRun,
    answer: json(comparison),
    kind: "read",
    permission: "read",
    cli: "compare",
    mcp: "compare_strategies",
  }),
  pickStrategy: operation({
    method: "post",
    path: "/v1/runs/{run}/pick",
    tag: "campaigns",
    summary: "Pick the strategy that lands",
    description: "It goes through the landing queue; the others are archived with a tag, never deleted. No agent may pick: only the person whose hub this is.",
    params: ofRun,
    body: pickStrategy,
    answer: begun(runView, atRun),
    kind: "long",
    permission: "operate",
    cli: "pick",
    mcp: none("the person picks; `list_needs_you` says that they are asked, `compare_strategies` what there is"),
  }),
  diagnose: operation({
    method: "post",
    path: "/v1/health",
    tag: "campaigns",
    summary: "How healthy a repository is, and what is to be done about it",
    description:
      "Runs its type check, tests, linter and audit, looks for TODOs and stale branches, and ranks what was found as a plan. Takes minutes. Nothing is started.",
    body: z.strictObject({ directory: givenDirectory.describe("absolute path of the checkout") }).meta({ id: "Diagnose" }),
    answer: json(
      z
        .object({
          findings: healthFindings,
          plan: plan.nullable().describe("null: nothing is to be done"),
          queue: z.array(z.object({ rank: count, task: z.string(), wave: count, why: z.string() })).describe("the work, the most urgent first"),
          unknown: z.array(z.string()).describe("what could not be looked at, and why"),
          notices: z.array(z.string()),
        })
        .meta({ id: "Diagnosis" }),
    ),
    // It runs what the project's own scripts say: who may only look may not.
    kind: "write",
    permission: "lead",
    cli: "run",
    mcp: "diagnose_repository",
  }),
}
