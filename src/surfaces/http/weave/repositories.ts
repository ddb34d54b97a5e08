/** Repositories that runs and sessions work on, and what git says of one. */
import path from "node:path"
import type { Context, Hono } from "hono"
import { inspect } from "../../../engine/submission.ts"
import type { RepositoryFacts } from "../../../domain/repository/facts.ts"
import { realDirectory } from "../../../engine/roots.ts"
import { badInput } from "./answers.ts"
import type { WeaveParts } from "./parts.ts"

export function repositoryRoutes(app: Hono, { hub }: WeaveParts): void {
  const list = (context: Context): Response => context.json({ repositories: known(hub), scannedAt: hub.parts.clock.now() })
  app.get("/repositories", list)
  app.post("/repositories/refresh", list)
  app.get("/repositories/info", async (context) => {
    const { name, path: at, branch, lastCommit } = describe(await factsOf(context, hub))
    return context.json({ repository: { name, path: at, branch, lastCommit } })
  })
  app.get("/repositories/detail", async (context) => context.json({ repository: describe(await factsOf(context, hub)) }))
}

function known(hub: WeaveParts["hub"]): object[] {
  const ofRuns = [...hub.state.runs.values()].map((run) => run.repository)
  const ofSessions = [...hub.state.sessions.values()].filter(({ wanted }) => wanted.commonDirectory !== null).map(({ wanted }) => wanted.repository)
  return [...new Set([...ofRuns, ...ofSessions])].sort().map((root) => ({ name: path.basename(root), path: root, parentRoot: path.dirname(root) }))
}

async function factsOf({ req }: Context, hub: WeaveParts["hub"]): Promise<RepositoryFacts> {
  const named = req.query("path") ?? ""
  if (named === "") throw badInput("path is required", "the query names no repository", "send ?path=/absolute/path")
  return inspect(hub, await realDirectory(hub, named))
}

/** Only what was looked at. Of a branch Fleet knows its name. */
function describe({ root, branch, head, branches }: RepositoryFacts) {
  return {
    name: path.basename(root),
    path: root,
    branch,
    lastCommit: head === null ? null : { hash: head },
    branches: branches.map((name) => ({ name, isCurrent: name === branch, isRemote: false })),
  }
}
