/** What every part of the adapter works with. */
import { join } from "node:path"
import type { Children } from "../../runtime/children.ts"
import type { Lane, Lanes } from "../../runtime/lane.ts"
import type { Git } from "./git.ts"
import type { Journal } from "./journal.ts"

export interface Context {
  readonly home: string
  readonly git: Git
  readonly children: Children
  readonly journal: Journal
  /** The whole environment of setup commands. */
  readonly setupEnvironment: Readonly<Record<string, string | undefined>>
  /** Serial by common directory: git that writes refs, worktree entries or shared configuration. */
  readonly repositories: Lanes
  /** Serial by workspace: whatever changes it. */
  readonly workspaces: Lanes
  /** One after the other: taking places that were asked for, and giving them back. */
  readonly folders: Lane
  /** Serial by common directory: landings, which can take minutes and hold no other work up. */
  readonly landings: Lanes
}

/** All checkouts that Fleet makes are here, outside of every person's checkout. */
export const checkoutsOf = (home: string): string => join(home, "workspaces")
