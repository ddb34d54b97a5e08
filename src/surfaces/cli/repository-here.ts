/** What of several repositories a list shows: that of the one that a person is in, or all with the name of each. */
import { openGit } from "../../adapters/map/git.ts"
import { directoryOf, repositoryOf } from "./campaign/order.ts"
import type { Invocation } from "./invocation.ts"

interface InRepository {
  /** Git's common directory; null: it holds everywhere. */
  readonly repository: string | null
}

export interface Shown<T> {
  readonly items: readonly T[]
  /** They may be of several repositories, so each says of which. */
  readonly named: boolean
  /** How many there are of other repositories. */
  readonly elsewhere: number
}

export async function ofHere<T extends InRepository>(invocation: Invocation, items: readonly T[]): Promise<Shown<T>> {
  const here = invocation.flag("all") ? null : await repositoryHere(invocation)
  if (here === null) return { items, named: true, elsewhere: 0 }
  const shown = items.filter(({ repository }) => repository === null || repository === here)
  return { items: shown, named: false, elsewhere: items.length - shown.length }
}

/** As people call it: its directory, not the one that git keeps in it. */
export const repositoryName = (repository: string | null): string => (repository === null ? "everywhere" : repository.replace(/\/\.git$/, ""))

/** As the hub names it; null where there is none. Rejects with a `FaultError` when `-C` names what is none. */
async function repositoryHere(invocation: Invocation): Promise<string | null> {
  const directory = invocation.text("directory") === null ? directoryOf(invocation) : await repositoryOf(invocation)
  return openGit(invocation.context.env).ask(directory, ["rev-parse", "--path-format=absolute", "--git-common-dir"])
}
