/** Answers what the hub asks about now. Facts only; nothing is changed, but for a person's own edit of a file. */
import type { Answer, Query } from "../protocol/worker.ts"
import { failureOf } from "./failure.ts"
import { nothingOffered } from "./ports/agent.ts"
import type { WorkerParts } from "./parts.ts"
import type { Sessions } from "./sessions.ts"

/** Leaves room for what JSON makes of it in a frame. */
const patchBytesMax = 2 * 1024 * 1024
const filesMax = 20_000
const foundMax = 1_000

/** Never rejects. */
export async function answerQuery(query: Query, parts: WorkerParts, sessions: Sessions): Promise<Answer> {
  try {
    return await answer(query, parts, sessions)
  } catch (error) {
    return { ok: false, fault: failureOf(error).fault }
  }
}

async function answer(query: Query, { workspaces, transcripts, agents, planning, health }: WorkerParts, sessions: Sessions): Promise<Answer> {
  const { ask } = query
  switch (ask) {
    case "inspect":
      return { ok: true, ask, repository: await workspaces.inspect(query.directory, query.ref) }
    case "agents":
      return { ok: true, ask, agents: await agents.look() }
    case "changes":
      return { ok: true, ask, files: (await workspaces.changes(query.workspace, query.target)).slice(0, filesMax) }
    case "patch": {
      const bytesMax = Math.min(query.bytesMax, patchBytesMax)
      // One byte more than wanted tells whether there is more.
      return { ok: true, ask, ...within(await workspaces.patch(query.workspace, query.target, bytesMax + 1), bytesMax) }
    }
    case "diffs":
      return { ok: true, ask, ...(await workspaces.diffs(query.workspace, query.from, query.to)) }
    case "tree":
      return { ok: true, ask, ...(await workspaces.tree(query.workspace)) }
    case "file":
      return { ok: true, ask, file: await workspaces.file(query.workspace, query.path) }
    case "find-files":
      return { ok: true, ask, paths: await workspaces.findFiles(query.workspace, query.text, Math.min(query.limit, foundMax)) }
    case "edit":
      await workspaces.edit(query.workspace, query.edit)
      return { ok: true, ask }
    case "offers":
      return { ok: true, ask, offers: (await sessions.find(query.session)?.offers()) ?? nothingOffered }
    case "landed": {
      const bytesMax = Math.min(query.bytesMax, patchBytesMax)
      const { files, patch } = await workspaces.landed(query.repository, query.commit, bytesMax + 1)
      return { ok: true, ask, files: files.slice(0, filesMax), ...within(patch, bytesMax) }
    }
    case "harness":
      return { ok: true, ask, harness: await planning.harness(query.repository) }
    case "planning":
      return { ok: true, ask, look: await planning.look(query.repository, query) }
    case "record":
      return { ok: true, ask, recorded: await planning.record(query.repository, query.writes) }
    case "session-files":
      return { ok: true, ask, files: await planning.sessionFiles(query.repository) }
    case "holds":
      return { ok: true, ask, held: await workspaces.holds(query.repository, query.target, query.commits) }
    case "health":
      return { ok: true, ask, findings: await health.diagnose(query.repository, new AbortController().signal, () => undefined) }
    case "transcript": {
      const live = sessions.find(query.session)?.ended === false
      const part = await transcripts.read(query.session, query.offset, query.bytesMax)
      return { ok: true, ask, entries: part.entries, next: part.next, ended: part.atEnd && !live }
    }
  }
}

function within(patch: string, bytesMax: number): { patch: string; cut: boolean } {
  const cut = Buffer.byteLength(patch) > bytesMax
  return { patch: cut ? Buffer.from(patch).subarray(0, bytesMax).toString("utf8") : patch, cut }
}
