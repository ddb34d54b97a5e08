/**
 * What stands in front of a campaign's prompts, from the repository itself: the project's own instructions, what was found before, and the part of
 * the map that matters (C.1.24 to C.1.28); for a planner also who else is at work (C.1.12). Read when the turn begins, so that every wave gets what is known by then. What cannot be had is left out.
 */
import type { RunTurn, TurnContext } from "../domain/worker/job.ts"
import type { WorkerParts } from "./parts.ts"

type Parts = Pick<WorkerParts, "maps" | "planning" | "workspaces">

/** As the original's agents are given it. */
const sliceFilesMax = 15

export async function withContext(job: RunTurn, context: TurnContext, parts: Parts): Promise<RunTurn> {
  const blocks = await blocksOf(context, job.prompt, parts)
  return blocks.length === 0 ? job : { ...job, prompt: [...blocks, job.prompt].join("\n\n") }
}

async function blocksOf(context: TurnContext, prompt: string, { maps, planning, workspaces }: Parts): Promise<string[]> {
  const directory = await orNothing(() => workspaces.locate(context.workspace))
  if (directory === null) return []
  const map = (): Promise<string | null> => (context.map === "overview" ? maps.overview(directory) : maps.slice(directory, context.keywords, sliceFilesMax))
  const blocks = [
    await orNothing(() => planning.instructions(directory)),
    await orNothing(map),
    await orNothing(() => planning.priorContext(context.repository, prompt)),
    // Whoever divides the work must know what others have in hand; the others are told by their scopes.
    context.map === "overview" ? await orNothing(() => planning.activeCampaigns(context.repository, context.campaign)) : null,
  ]
  return blocks.filter((block) => block !== null).filter((block) => block !== "")
}

/** A map that cannot be drawn is no reason not to begin. */
async function orNothing<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask()
  } catch {
    return null
  }
}
