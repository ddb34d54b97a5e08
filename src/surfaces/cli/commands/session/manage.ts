/** The rest of `fleet session`: list, show, stop, end, resume and diff. */
import { hubOf } from "../../client.ts"
import { exitCodes, type ExitCode } from "../../exit-codes.ts"
import type { Invocation } from "../../invocation.ts"
import { outputOf } from "../../output.ts"
import type { SessionView } from "../../../../protocol/session-views.ts"
import { writeSessionDiff } from "../diff.ts"
import { sessionLines, sessionTable, shortId } from "./shown.ts"

export async function sessionList(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const sessions = (await hubOf(invocation.context).sessions()).filter((session) => invocation.flag("all") || session.status !== "ended")
  if (invocation.json) output.list(sessions)
  else if (sessions.length === 0) output.line('No sessions. Try: fleet session new --prompt "look around"')
  else for (const line of sessionTable(sessions, output, invocation.context.now())) output.line(line)
  return exitCodes.done
}

export async function sessionShow(invocation: Invocation): Promise<ExitCode> {
  return show(invocation, await hubOf(invocation.context).session(invocation.required(0)))
}

export async function sessionStop(invocation: Invocation): Promise<ExitCode> {
  return show(invocation, await hubOf(invocation.context).stopTurn(invocation.required(0)))
}

export async function sessionResume(invocation: Invocation): Promise<ExitCode> {
  return show(invocation, await hubOf(invocation.context).resumeSession(invocation.required(0)))
}

export async function sessionEnd(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const client = hubOf(invocation.context)
  const session = await client.session(invocation.required(0))
  const how = { cleanup: invocation.flag("cleanup"), forget: invocation.flag("forget") }
  const ended = await client.endSession(session.id, how)
  if (invocation.json) output.json({ session: session.id, ended })
  else output.line(sayEnd(session, how))
  return exitCodes.done
}

/** `before`: as it was when that was asked. */
function sayEnd(before: SessionView, { cleanup, forget }: { readonly cleanup: boolean; readonly forget: boolean }): string {
  const id = shortId(before.id)
  return [
    `${id} ${before.status === "ended" ? "has ended already" : "is being ended"}`,
    ...(cleanup ? [sayCleanup(before)] : []),
    forget ? "it cannot be resumed" : `fleet session resume ${id} takes it up again`,
  ].join("; ")
}

function sayCleanup({ strategy, released }: SessionView): string {
  if (strategy === "existing") return "its directory was there before it, and stays"
  return released ? "its checkout was given back before" : "its checkout is given back"
}

export async function sessionDiff(invocation: Invocation): Promise<ExitCode> {
  const client = hubOf(invocation.context)
  return writeSessionDiff(invocation, client, (await client.session(invocation.required(0))).id)
}

function show(invocation: Invocation, session: SessionView): ExitCode {
  const output = outputOf(invocation.context)
  if (invocation.json) output.json(session)
  else for (const line of sessionLines(session, output, invocation.context.now())) output.line(line)
  return exitCodes.done
}
