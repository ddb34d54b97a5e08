/** `fleet tell`: says something to an agent that works, waits for what came of it, and says that. */
import { fault, FaultError, type Fault } from "../../../domain/fault.ts"
import type { EventView, ToldView } from "../../../protocol/views.ts"
import { HubClient, hubOf } from "../client.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { findTask, ownSession } from "../names.ts"
import { outputOf } from "../output.ts"
import { textOf } from "../stdin.ts"
import { oneLine } from "../text.ts"
import { shortId } from "./session/shown.ts"

export async function tell(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const client = hubOf(invocation.context)
  const session = await ownSession(client, invocation.required(0))
  if (session !== null) throw new FaultError(notOfTask(session))
  const { run, key } = await findTask(client, invocation.required(0))
  const given = invocation.required(1)
  const told = await client.tell(run, key, await textOf(given, invocation.context.stdin))
  if (!invocation.json) output.note(`told ${oneLine(`${run}/${key}`)}; waiting for its agent to take it`)
  const outcome = await whatCameOf(client, told)
  const taken = outcome.type === "session.heard"
  if (invocation.json) output.json({ run, key, message: told.message, taken, text: outcome.text })
  else output.line(`${oneLine(`${run}/${key}`)}: ${oneLine(outcome.text)}`)
  return taken ? exitCodes.done : exitCodes.failed
}

const notOfTask = (session: string): Fault =>
  fault(
    "not-a-task",
    `${shortId(session)} is a session without a task`,
    "fleet tell speaks to agents of tasks; a session is prompted, and takes that when it is free",
    `fleet session prompt ${shortId(session)} "…"`,
  )

/** An agent takes a message when it has ended the tool that it runs: that may be a while. It ends with the attempt at the latest. */
async function whatCameOf(client: HubClient, told: ToldView): Promise<EventView> {
  const enough = new AbortController()
  try {
    for await (const event of client.live(told.run, told.after, enough.signal)) {
      if (event.event !== "milestone") continue
      const milestone = JSON.parse(event.data) as EventView
      if (milestone.message === told.message && milestone.type !== "session.told") return milestone
    }
  } finally {
    enough.abort()
  }
  throw new FaultError(
    fault("hub-silent", "nobody said what came of the message", "the hub ended its stream", `look at it: fleet logs ${told.run}/${told.task}`),
  )
}
