/** What of several repositories a list shows: that of the one that a person is in, or all with the name of each. */
import { openGit } from "../../adapters/map/git.ts"
import { directoryOf, repositoryOf } from "./campaign/order.ts"
import type { Invocation } from "./invocation.ts"

interface InRepository {
  /** Git's common directory; null: it holds everywhere. */
  readonly repository: string | null
}

/** `named`: they may be of several repositories, so each says of which. */
export async function ofHere<T extends InRepository>(
  invocation: Invocation,
  items: readonly T[],
): Promise<{ readonly items: readonly T[]; readonly named: boolean }> {
  const here = invocation.flag("all") ? null : await repositoryHere(invocation)
  if (here === null) return { items, named: true }
  return { items: items.filter(({ repository }) => repository === null || repository === here), named: false }
}

/** As people call it: its directory, not the one that git keeps in it. */
export const repositoryName = (repository: string | null): string => (repository === null ? "everywhere" : repository.replace(/\/\.git$/, ""))

/** As the hub names it; null where there is none. Rejects with a `FaultError` when `-C` names what is none. */
async function repositoryHere(invocation: Invocation): Promise<string | null> {
  const directory = invocation.text("directory") === null ? directoryOf(invocation) : await repositoryOf(invocation)
  return openGit(invocation.context.env).ask(directory, ["rev-parse", "--path-format=absolute", "--git-common-dir"])
}
