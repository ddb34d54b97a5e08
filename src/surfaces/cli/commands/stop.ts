/** `fleet stop`: stops a run or a task, with everything that its agents started. */
import { hubOf } from "../client.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { findNamed } from "../names.ts"
import { outputOf } from "../output.ts"
import { oneLine } from "../text.ts"

export async function stop(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const client = hubOf(invocation.context)
  const { run, key } = await findNamed(client, invocation.required(0))
  const view = key === null ? await client.stopRun(run) : await client.stopTask(run, key)
  if (invocation.json) output.json(view)
  else {
    output.line(`${key === null ? `run ${run}` : `task ${oneLine(`${run}/${key}`)}`}: asked to stop, now ${view.status}`)
    output.note(key === null ? `go on with it later: fleet continue ${run}` : `try it again later: fleet retry ${oneLine(`${run}/${key}`)}`)
  }
  return exitCodes.done
}
