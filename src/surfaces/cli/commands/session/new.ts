/** `fleet session new` and `fleet session prompt`: begin a conversation with an agent, and go on with it. */
import path from "node:path"
import { fault, FaultError } from "../../../../domain/fault.ts"
import type { PromptSession, SessionView } from "../../../../protocol/session-views.ts"
import { HubClient, hubOf } from "../../client.ts"
import { exitCodes, type ExitCode } from "../../exit-codes.ts"
import type { Invocation } from "../../invocation.ts"
import { outputOf, type Output } from "../../output.ts"
import { ensureHub } from "../../start-hub.ts"
import { textOf } from "../../stdin.ts"
import { oneLine } from "../../text.ts"
import { sessionLines, shortId } from "./shown.ts"

export async function sessionNew(invocation: Invocation): Promise<ExitCode> {
  const { context } = invocation
  const output = outputOf(context)
  await ensureHub(context)
  const client = hubOf(context)
  const prompt = invocation.text("prompt")
  const strategy = invocation.text("strategy")
  const session = await client.createSession({
    directory: path.resolve(context.cwd, invocation.arg(0) ?? "."),
    title: invocation.text("title"),
    strategy: strategy === "existing" || strategy === "clone" ? strategy : "worktree",
    branch: invocation.text("branch"),
    base: invocation.text("base"),
    agent: invocation.text("agent"),
    model: invocation.text("model"),
    parent: null,
    notify: invocation.text("notify"),
    prompt: prompt === null ? null : plain(await textOf(prompt, context.stdin)),
    timeoutMinutes: invocation.number("timeout"),
  })
  return shown(invocation, client, session, output)
}

export async function sessionPrompt(invocation: Invocation): Promise<ExitCode> {
  const { context } = invocation
  const client = hubOf(context)
  const session = await client.session(invocation.required(0))
  const text = await textOf(invocation.required(1), context.stdin)
  await client.promptSession(session.id, { ...plain(text), model: invocation.text("model"), mode: invocation.text("mode") })
  return shown(invocation, client, await client.session(session.id), outputOf(context))
}

const plain = (text: string): PromptSession => ({ text, attachments: [], model: null, mode: null })

/** With `--wait`, when it rests; then a turn that did not complete is a failure. */
async function shown(invocation: Invocation, client: HubClient, session: SessionView, output: Output): Promise<ExitCode> {
  const waits = invocation.flag("wait") && (session.waiting > 0 || session.turns > 0 || session.status !== "idle")
  const now = waits ? await rested(client, session.id) : session
  if (invocation.json) output.json(now)
  else for (const line of sessionLines(now, output, invocation.context.now())) output.line(line)
  if (!invocation.json && !waits) output.note(output.paint("dim", `follow it: fleet logs ${shortId(now.id)} -f`))
  return waits && now.lastTurn !== null && now.lastTurn.how !== "completed" ? exitCodes.failed : exitCodes.done
}

async function rested(client: HubClient, session: string): Promise<SessionView> {
  for (;;) {
    const { over, sessions } = await client.waitFor(session)
    const [view] = sessions
    if (view === undefined)
      throw new FaultError(fault("unknown-session", `session ${oneLine(session)} is gone`, "it was deleted while it was waited for", "fleet session list"))
    if (over) return view
  }
}
