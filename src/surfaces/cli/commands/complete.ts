/** `fleet __complete`: names that exist now. Fast and silent: a completion that fails completes nothing. */
import { FaultError } from "../../../domain/fault.ts"
import { HubClient } from "../client.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { newestRun } from "../names.ts"
import { jsonText } from "../output.ts"

const answerLimitMs = 300
const namesMax = 200

export async function complete(invocation: Invocation): Promise<ExitCode> {
  const { context } = invocation
  try {
    const names = await namesOf(invocation.required(0), new HubClient(context.home, { limitMs: answerLimitMs }))
    for (const name of names.slice(0, namesMax)) if (isPlainWord(name)) context.stdout.write(`${name}\n`)
  } catch (error) {
    if (!(error instanceof FaultError)) throw error
  }
  return exitCodes.done
}

async function namesOf(kind: string, client: HubClient): Promise<string[]> {
  if (kind === "approval") return (await client.approvals()).map((approval) => approval.id)
  const runs = await client.runs()
  const ids = runs.length === 0 ? [] : [newestRun, ...runs.map((run) => run.id)]
  if (kind === "run") return ids
  const newest = runs[0]?.tasks.map((task) => task.key) ?? []
  return kind === "task" ? [...newest, ...runs.flatMap((run) => run.tasks.map((task) => task.id)), ...ids] : []
}

/** What needs quoting is left out: shells would break it into words. */
const isPlainWord = (name: string): boolean => jsonText(name) === `"${name}"` && /^[\w@%+=:,./-]+$/.test(name)
