/** What is said at the end of a campaign beyond the table of its tasks: the results of a quick one, and the HANDOFF of a standard one. */
import { parseHandoff, type Handoff } from "../../../domain/handoff/handoff.ts"
import { partsOf } from "../../../domain/handoff/parts.ts"
import type { RunView, TaskView } from "../../../protocol/views.ts"
import type { HubClient } from "../client.ts"
import type { ClosingOptions } from "../live/closing.ts"
import { lookOf } from "../live/states.ts"
import { cut, oneLine, shellWord } from "../text.ts"
import { comparisonLines, type ComparisonOptions } from "./comparison-lines.ts"

export interface CampaignClosing {
  readonly results: readonly string[]
  /** C.1.134; null where none is due. Hostile text. */
  readonly handoff: string | null
}

export async function closingOf(client: HubClient, run: RunView, options: ClosingOptions & ComparisonOptions): Promise<CampaignClosing> {
  const nothing = { results: [], handoff: null }
  if (run.campaign === null || run.endedAt === null) return nothing
  switch (run.campaign.mode) {
    case "standard":
      return { results: [], handoff: run.campaign.handoff }
    case "quick":
      return { results: quickLines(run, options), handoff: null }
    case "speculative":
      return { results: ["", ...comparisonLines(await client.comparison(run.id), options)], handoff: null }
  }
}

/** As a proof holds it: without its first and last line. */
const handoffOf = (raw: string): Handoff | null => parseHandoff(`---HANDOFF---\n${raw}\n---`)

/** C.1.115: for each task what came of it, in what its agent says that it built; and C.1.121: what a person can do about a conflict. */
function quickLines(run: RunView, options: ClosingOptions): string[] {
  return ["", ...run.tasks.flatMap((task) => resultLines(task, options)), ...run.tasks.flatMap((task) => conflictLines(run, task, options))]
}

function resultLines(task: TaskView, { columns, paint, signs }: ClosingOptions): string[] {
  const look = lookOf(task.status)
  const commit = task.landed === null ? "" : ` (${task.landed.slice(0, 10)})`
  const built = builtBy(task)
  return [
    `${paint(look.tone, signs[look.sign])} ${paint("bold", oneLine(task.key))}: ${look.word}${commit}`,
    ...(built === "" ? [] : [cut(`    ${oneLine(built)}`, columns, signs.ellipsis)]),
  ]
}

const builtBy = ({ proof, reason, status }: TaskView): string => {
  if (status !== "done") return reason
  return partsOf(proof?.handoff == null ? null : handoffOf(proof.handoff)).built.join("; ")
}

/** It came back to its author because it did not go together with the target, and its author could not mend it. */
function conflictLines(run: RunView, task: TaskView, { paint }: ClosingOptions): string[] {
  if (task.status !== "failed" || task.branch === null || task.attempts.at(-1)?.reason !== "repair") return []
  return [
    "",
    paint("yellow", `${oneLine(task.key)} conflicts with ${oneLine(run.target)}. Its work is on its branch; to resolve it by hand:`),
    `  git switch ${shellWord(run.target)}`,
    `  git merge ${shellWord(task.branch)}`,
    "  git status        # mend the files that it names, then: git commit",
  ]
}
