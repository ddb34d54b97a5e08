/** Runs, sessions, diffs, transcripts, claims as resources: the same bounds as in tools, for clients that attach instead of call. */
import { ProtocolError, ProtocolErrorCode, ResourceTemplate, type McpServer, type ReadResourceResult } from "@modelcontextprotocol/server"
import { FaultError } from "../../domain/fault.ts"
import { plainText } from "../../runtime/plain-text.ts"
import { fit, textFrom } from "./bounds.ts"
import { lastEntries } from "./conversation.ts"
import type { Diff, FleetForAgents } from "./fleet-for-agents.ts"
import { fileLine, shapeFile, shapeRun, shapeSession, shapeTask } from "./shapes.ts"

const resourceBytesMax = 40_000
const listed = 50

interface Read {
  readonly mimeType: string
  readonly text: string
}
type Variables = Readonly<Record<string, string | string[]>>

export function registerResources(server: McpServer, fleet: FleetForAgents): void {
  const fixed = (name: string, uri: string, description: string, read: () => Promise<Read>): void =>
    void server.registerResource(name, uri, { description }, (of) => answer(of, read))
  const named = (name: string, template: string, description: string, read: (variables: Variables) => Promise<Read>): void =>
    void server.registerResource(name, new ResourceTemplate(template, { list: undefined }), { description }, (of, variables) =>
      answer(of, () => read(variables)),
    )

  fixed("runs", "fleet://runs", "The newest runs", async () => json((await fleet.runs({ cursor: null, limit: listed })).items.map(shapeRun)))
  fixed("sessions", "fleet://sessions", "The newest sessions", async () =>
    json((await fleet.sessions({ cursor: null, limit: listed })).items.map((view) => shapeSession(view, 120))),
  )
  fixed("claims", "fleet://claims", "Who holds which files", async () => json(await fleet.claims()))
  named("run", "fleet://runs/{run}", "A run and its tasks", async ({ run }) => {
    const view = await fleet.run(one(run))
    return json(view.tasks.map(shapeTask), { run: shapeRun(view) })
  })
  named("task-diff", "fleet://runs/{run}/tasks/{task}/diff", "What a task changed", async ({ run, task }) => patch(await fleet.taskDiff(one(run), one(task))))
  named("session", "fleet://sessions/{session}", "A session", async ({ session }) => json([shapeSession(await fleet.session(one(session)), 2_000)]))
  named("session-diff", "fleet://sessions/{session}/diff", "What a session changed", async ({ session }) => patch(await fleet.sessionDiff(one(session))))
  named("transcript", "fleet://sessions/{session}/transcript", "The end of a session's conversation", async ({ session }) => {
    const { entries, earlier } = await lastEntries(fleet, one(session), 200)
    const lines = entries.map(({ type, text, cut }) => `[${type}] ${text}${cut ? " (cut)" : ""}`)
    return { mimeType: "text/plain", text: [...(earlier ? ["(earlier entries: get_conversation with from: start)"] : []), ...lines].join("\n") }
  })
}

async function answer(uri: URL, read: () => Promise<Read>): Promise<ReadResourceResult> {
  try {
    return { contents: [{ uri: uri.href, ...(await read()) }] }
  } catch (error) {
    if (!(error instanceof FaultError)) throw error
    const { what, why, fix } = error.fault
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `${what}: ${why} (fix: ${fix})`, { uri: uri.href, code: error.fault.code })
  }
}

function json(all: readonly unknown[], more: object = {}): Read {
  const { items, next } = fit(all, 0, all.length, resourceBytesMax)
  return { mimeType: "application/json", text: JSON.stringify({ ...more, items, left_out: next === null ? 0 : all.length - next }, null, 1) }
}

function patch(diff: Diff): Read {
  const { text, next } = textFrom(plainText(diff.patch), 0, resourceBytesMax)
  const files = fit(diff.files.map(shapeFile), 0, 100, 5_000).items.map(fileLine)
  return { mimeType: "text/x-diff", text: [...files, "", text, ...(next === null && !diff.cut ? [] : ["(cut here: get_diff reads the rest)"])].join("\n") }
}

const one = (value: string | string[] | undefined): string => decodeURIComponent(Array.isArray(value) ? (value[0] ?? "") : (value ?? ""))
