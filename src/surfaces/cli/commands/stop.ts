/** `fleet stop`: stops a run or a task, with everything that its agents started; of a session without a task, its turn. */
import { HubClient, hubOf } from "../client.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { findNamed, ownSession } from "../names.ts"
import { outputOf } from "../output.ts"
import { oneLine } from "../text.ts"
import { shortId } from "./session/shown.ts"

export async function stop(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const client = hubOf(invocation.context)
  const session = await ownSession(client, invocation.required(0))
  if (session !== null) return stopTurnOf(invocation, client, session)
  const { run, key } = await findNamed(client, invocation.required(0))
  const view = key === null ? await client.stopRun(run) : await client.stopTask(run, key)
  if (invocation.json) output.json(view)
  else {
    output.line(`${key === null ? `run ${run}` : `task ${oneLine(`${run}/${key}`)}`}: asked to stop, now ${view.status}`)
    output.note(key === null ? `go on with it later: fleet continue ${run}` : `try it again later: fleet retry ${oneLine(`${run}/${key}`)}`)
  }
  return exitCodes.done
}

async function stopTurnOf(invocation: Invocation, client: HubClient, session: string): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const view = await client.stopTurn(session)
  if (invocation.json) output.json(view)
  else {
    const runs = view.status === "working" || view.status === "needs-you"
    output.line(`session ${shortId(session)}: ${runs ? `its turn was asked to stop, now ${view.status}` : `no turn of it runs; it is ${view.status}`}`)
    output.note(`the session goes on; end it with: fleet session end ${shortId(session)}`)
  }
  return exitCodes.done
}
