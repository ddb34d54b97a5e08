/** `fleet retry`: one more attempt of a task that ended without landing. */
import { hubOf } from "../client.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { findTask } from "../names.ts"
import { outputOf } from "../output.ts"
import { oneLine } from "../text.ts"

export async function retry(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const client = hubOf(invocation.context)
  const { run, key } = await findTask(client, invocation.required(0))
  const task = await client.retryTask(run, key)
  if (invocation.json) output.json(task)
  else {
    output.line(`task ${oneLine(task.id)}: ${task.status}${task.reason === "" ? "" : `: ${oneLine(task.reason)}`}`)
    output.note(`follow it: fleet watch ${run}`)
  }
  return exitCodes.done
}
