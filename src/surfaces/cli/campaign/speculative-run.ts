/** Which run's strategies are meant: the one that is named, else the newest speculative one of the repository that the person is in. */
import { fault, FaultError } from "../../../domain/fault.ts"
import type { RunView } from "../../../protocol/views.ts"
import type { HubClient } from "../client.ts"
import { isWithin } from "../names.ts"

/** A name means a run here, and nothing else. */
export async function speculativeRun(client: HubClient, name: string | null, directory: string): Promise<string> {
  if (name !== null) return (await client.run(name)).id
  const rivals = (await client.runs()).filter(({ campaign }) => campaign?.mode === "speculative").toSorted((a, b) => b.startedAt - a.startedAt)
  const newest = rivals.find(({ repository }) => isWithin(repository, directory))
  if (newest !== undefined) return newest.id
  throw new FaultError(noneHere(rivals))
}

const shownMax = 5

const noneHere = (elsewhere: readonly RunView[]) =>
  fault(
    "no-speculative-run",
    "there is no speculative run in this repository",
    elsewhere.length === 0
      ? "none was ever started"
      : `of others there ${elsewhere.length === 1 ? "is" : "are"} ${elsewhere
          .slice(0, shownMax)
          .map(({ id }) => id)
          .join(", ")}`,
    elsewhere.length === 0 ? 'start one: fleet speculate 3 "refactor the auth middleware"' : "name one: fleet compare <run>, fleet pick <strategy> --run <run>",
  )
