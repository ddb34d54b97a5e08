/** `fleet diff`: what a task or a session has changed. */
import type { FileChange } from "../../../domain/worker/job-result.ts"
import { HubClient, hubOf, type TaskDiff } from "../client.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { findTask, ownSession } from "../names.ts"
import { outputOf, type Output } from "../output.ts"
import type { Tone } from "../style.ts"
import { tableLines, type Cell } from "../table.ts"
import { counted, plainLines } from "../text.ts"
import { shortId } from "./session/shown.ts"

export async function diff(invocation: Invocation): Promise<ExitCode> {
  const client = hubOf(invocation.context)
  const session = await ownSession(client, invocation.required(0))
  if (session !== null) return writeSessionDiff(invocation, client, session)
  const { run, key } = await findTask(client, invocation.required(0))
  return writeDiff(invocation, { run, key }, `${run}/${key}`, await client.diff(run, key))
}

export async function writeSessionDiff(invocation: Invocation, client: HubClient, session: string): Promise<ExitCode> {
  return writeDiff(invocation, { session }, `session ${shortId(session)}`, await client.sessionDiff(session))
}

/** `of`: whose it is, for JSON; `name`: for people. */
function writeDiff(invocation: Invocation, of: object, name: string, changed: TaskDiff): ExitCode {
  const output = outputOf(invocation.context)
  if (invocation.json) output.json({ ...of, ...(invocation.flag("stat") ? { files: changed.files } : changed) })
  else if (changed.files.length === 0 && changed.patch === "") output.note(`${name} has changed nothing.`)
  else if (invocation.flag("stat")) for (const line of statLines(changed.files, output)) output.line(line)
  else writePatch(changed, output)
  return exitCodes.done
}

function statLines(files: readonly FileChange[], output: Output): string[] {
  const columns = [
    { title: "change" },
    { title: "file", grows: true },
    { title: "added", align: "right" as const },
    { title: "removed", align: "right" as const },
  ]
  const sum = (count: (file: FileChange) => number | null): number => files.reduce((total, file) => total + (count(file) ?? 0), 0)
  const total = `${counted(files.length, "file")}, +${sum((file) => file.additions)} -${sum((file) => file.deletions)}`
  return [...tableLines(columns, files.map(statRow), output.columns, output.paint, output.signs.ellipsis), total]
}

function statRow(file: FileChange): Cell[] {
  const count = (sign: string, value: number | null): string => (value === null ? "binary" : `${sign}${value}`)
  return [
    { text: file.status },
    { text: file.from === null ? file.path : `${file.from} -> ${file.path}` },
    { text: count("+", file.additions), tone: "green" },
    { text: count("-", file.deletions), tone: "red" },
  ]
}

/** Where the result is read by a program, the patch stays byte for byte, so that `fleet diff … | git apply` works. */
function writePatch(changed: TaskDiff, output: Output): void {
  if (output.isTerminal) for (const line of plainLines(changed.patch.replace(/\n$/, ""))) output.line(coloured(line, output))
  else output.raw(changed.patch)
  if (changed.cut) output.note("The patch is cut: it is larger than the hub sends. See the whole of it with git in its checkout.")
}

function coloured(line: string, { paint }: Output): string {
  const tone = toneOf(line)
  return tone === null ? line : paint(tone, line)
}

function toneOf(line: string): Tone | null {
  if (/^(diff |index |--- |\+\+\+ |new file|deleted file|rename |similarity )/.test(line)) return "bold"
  if (line.startsWith("@@")) return "cyan"
  if (line.startsWith("+")) return "green"
  return line.startsWith("-") ? "red" : null
}
