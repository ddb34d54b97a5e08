/** `fleet discover` and `fleet discoveries`: what one found out that others should know. */
import path from "node:path"
import type { DiscoveryView } from "../../../protocol/coordination-views.ts"
import { hubOf } from "../client.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { outputOf, type Output } from "../output.ts"
import { ofHere, repositoryName } from "../repository-here.ts"
import { textOf } from "../stdin.ts"
import { oneLine, roughly, wrapped } from "../text.ts"

export async function discover(invocation: Invocation): Promise<ExitCode> {
  const { context } = invocation
  const output = outputOf(context)
  const discovery = await hubOf(context).reportDiscovery({
    text: await textOf(invocation.required(0), context.stdin),
    paths: [...invocation.texts("path")],
    directory: invocation.flag("everywhere") ? null : path.resolve(context.cwd, invocation.text("directory") ?? "."),
    session: null,
  })
  if (invocation.json) output.json(discovery)
  else output.line(`${discovery.id} is told to those who work ${discovery.paths.length === 0 ? "here" : `on ${oneLine(discovery.paths.join(", "))}`}`)
  return exitCodes.done
}

export async function discoveries(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const { items: found, named, elsewhere } = await ofHere(invocation, await hubOf(invocation.context).discoveries())
  if (invocation.json) output.list(found)
  else if (found.length === 0)
    output.line(elsewhere === 0 ? "Nobody has reported anything." : "Nobody has reported anything here; in other repositories: fleet discoveries --all")
  else for (const one of found) for (const line of linesOf(one, named, output, invocation.context.now())) output.line(line)
  return exitCodes.done
}

/** A list and not a table: what was found out is the point, and it is long. */
function linesOf({ id, task, session, repository, text, paths, at }: DiscoveryView, named: boolean, output: Output, now: number): string[] {
  const who = task === null ? (session === null ? [] : [`session ${session}`]) : [`task ${task}`]
  const about = paths.length === 0 ? [] : [`on ${paths.join(", ")}`]
  const where = named ? repositoryName(repository) : ""
  const told = [[...who, ...about].join(" "), where, `${roughly(now - at)} ago`].filter(Boolean).join(", ")
  const head = `${output.paint("bold", id)} ${output.paint("dim", oneLine(told))}`
  return [head, ...wrapped(oneLine(text), Math.max(20, output.columns - 2)).map((line) => `  ${line}`)]
}
