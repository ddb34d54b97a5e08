/** From the body of `POST /api/sessions` to the session that is wanted. */
import type { Context } from "hono"
import { id } from "../../../domain/ids.ts"
import type { Session } from "../../../domain/session/session.ts"
import type { Hub } from "../../../engine/hub.ts"
import { openNewSession, untitled } from "../../../engine/sessions.ts"
import type { CreateSession, PromptSession } from "../../../protocol/session-views.ts"
import { askedBy, findSomebody } from "./find.ts"
import type { CreateBody } from "./input.ts"

/** Names that the successor of the original has for agents that are called otherwise here. */
const harnesses: ReadonlyMap<string, string> = new Map([["claude-code", "claude"]])

export async function createFrom(context: Context, hub: Hub, body: CreateBody): Promise<Session> {
  const notify = body.onComplete == null ? null : findSomebody(hub, body.onComplete.notifySessionId, "onComplete.notifySessionId").id
  return openNewSession(hub, { ...wanted(body), notify, parent: notify ?? asker(context, hub) }, askedBy(context))
}

function wanted(body: CreateBody): CreateSession {
  const prompt = body.initialPrompt?.trim() ? body.initialPrompt : body.context == null ? null : promptOf(body.context)
  return {
    directory: body.directory,
    title: titleOf(body.title) ?? titleOf(body.context?.title) ?? untitled,
    strategy: body.isolationStrategy ?? "existing",
    branch: body.branch ?? null,
    base: null,
    agent: body.harnessType == null ? null : (harnesses.get(body.harnessType) ?? body.harnessType),
    model: null,
    parent: null,
    notify: null,
    prompt: prompt === null ? null : plainPrompt(prompt),
    timeoutMinutes: null,
  }
}

export const plainPrompt = (text: string): PromptSession => ({ text, attachments: [], model: null, mode: null })

export const titleOf = (given: string | null | undefined): string | null => (given == null || given.trim() === "" ? null : given.trim())

const kinds: ReadonlyMap<string, string> = new Map([
  ["github-issue", "GitHub issue"],
  ["github-pr", "GitHub pull request"],
])

function promptOf({ type, url, title, body }: NonNullable<CreateBody["context"]>): string {
  const head = `Work on this ${kinds.get(type) ?? type}: ${title}\n${url}`
  return body == null || body.trim() === "" ? head : `${head}\n\n${body}`
}

/** An agent that says who it is leads what it makes. */
function asker(context: Context, hub: Hub): string | null {
  const caller = context.get("caller")
  return caller.kind === "agent" && hub.state.sessions.has(id(caller.session)) ? caller.session : null
}
