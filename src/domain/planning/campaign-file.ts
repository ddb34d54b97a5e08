/**
 * A campaign as other tools find it, `.planning/campaigns/{slug}.md`: one file for a standard campaign, one for each strategy of a speculative one
 * (C.1.103, C.1.108, C.1.109). Small, and never read back: the session file is what says how things stand.
 */
import { partsOf } from "../handoff/parts.ts"
import type { State } from "../project/state.ts"
import { taskOf } from "../project/state.ts"
import { isSpeculative, type Campaign } from "../run/campaign.ts"
import type { Run } from "../run/run.ts"
import { scopeText } from "../scope/normalise.ts"
import { comparisonOf, type Strategy } from "../strategy/comparison.ts"
import { scopesOf, type Task } from "../task/task.ts"
import { bulletText, flat, inlineText } from "../session-file/line-text.ts"
import { rowsOf } from "../session-file/of-run.ts"

export interface CampaignText {
  /** Of the file, without its ending. */
  readonly name: string
  readonly text: string
}

/** As the original's tools read it. */
export type CampaignStatus = "active" | "completed" | "parked"

export function campaignFilesOf(state: State, run: Run, campaign: Campaign): CampaignText[] {
  if (!isSpeculative(run)) return [{ name: campaign.slug, text: standardText(run, campaign, rowsOf(state, run)) }]
  return comparisonOf(state, run).strategies.map((strategy) => ({
    name: `${campaign.slug}-${strategy.key}`,
    text: strategyText(run, campaign, strategy, taskOf(state, strategy.task)),
  }))
}

function standardText(run: Run, campaign: Campaign, tasks: readonly Task[]): string {
  const status = run.status.name === "settled" ? (run.status.outcome === "done" ? "completed" : "parked") : "active"
  const scopes = [...new Set(tasks.flatMap((task) => scopesOf(task).map(scopeText)))]
  return textOf({ campaign: campaign.slug, status }, run.goal, [
    header(run, campaign, status),
    section(
      "Claimed Scope",
      scopes.slice(0, bulletsMax).map((scope) => (scope === "" ? "." : scope)),
    ),
    section("Active Context", [`The queue and the results are in .planning/fleet/session-${campaign.slug}.md`]),
  ])
}

function strategyText(run: Run, campaign: Campaign, strategy: Strategy, task: Task): string {
  const status = statusOf(strategy)
  const front = { campaign: campaign.slug, status, branch: strategy.branch, worktree_status: worktreeOf(strategy, task) }
  const said = partsOf(task.attempts.findLast((attempt) => attempt.handoff !== null)?.handoff ?? null)
  const { checks, why, decision, tradeoffs } = strategy
  return textOf(front, strategy.title, [
    header(run, campaign, status),
    section("Claimed Scope", scopesOf(task).slice(0, bulletsMax).map(scopeText)),
    section("Strategy", [task.plan.prompt, ...(checks === null ? [] : [`Checks: ${checks.passed} passed, ${checks.failed} failed`])]),
    section("Handoff", [
      ...said.built.map((text) => `Built: ${text}`),
      ...(decision === null ? said.decisions : [decision]).map((text) => `Decision: ${text}`),
      ...(tradeoffs === null ? [] : [`Tradeoffs: ${tradeoffs}`]),
      ...said.discoveries.map((text) => `Discovered: ${text}`),
      ...(why === null ? [] : [`Failed: ${why}`]),
    ]),
  ])
}

function statusOf({ status }: Strategy): CampaignStatus {
  switch (status) {
    case "queued":
    case "needs-you":
    case "working":
    case "ready":
    case "landing":
      return "active"
    case "merged":
      return "completed"
    case "archived":
    case "failed":
    case "stopped":
      return "parked"
  }
}

/** active: while its worktree is there, or is still to be made. One that came to nothing is archived too: its branch stays. */
function worktreeOf({ status }: Strategy, task: Task): "active" | "merged" | "archived" {
  switch (status) {
    case "merged":
      return "merged"
    case "archived":
      return "archived"
    case "failed":
    case "stopped":
      return task.workspace === null ? "archived" : "active"
    case "queued":
    case "needs-you":
    case "working":
    case "ready":
    case "landing":
      return "active"
  }
}

const lineCharsMax = 500
const bulletsMax = 50

/** The values of `front` are slugs, keys and branches: they need no quotes. */
function textOf(front: Readonly<Record<string, string>>, title: string, parts: readonly (string | null)[]): string {
  const lines = Object.entries({ by: "fleet", ...front }).map(([key, value]) => `${key}: ${value}`)
  return `${["---", ...lines, "---", "", `# Campaign: ${line(title)}`, "", parts.filter((part) => part !== null).join("\n\n")].join("\n")}\n`
}

const header = ({ startedAt }: Run, { direction }: Campaign, status: CampaignStatus): string =>
  [`Status: ${status}`, `Started: ${new Date(startedAt).toISOString()}`, `Direction: ${line(direction)}`].join("\n")

function section(title: string, bullets: readonly string[]): string | null {
  const lines = bullets
    .map((text) => flat(text, lineCharsMax))
    .filter((text) => text !== "")
    .map((text) => `- ${bulletText(text)}`)
  return lines.length === 0 ? null : [`## ${title}`, ...lines.slice(0, bulletsMax)].join("\n")
}

const line = (text: string): string => inlineText(flat(text, lineCharsMax))
