/** `fleet claim`: scopes under a lease, held by the hub against its tasks and sessions. */
import path from "node:path"
import type { ClaimView } from "../../../protocol/coordination-views.ts"
import { hubOf } from "../client.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { outputOf, type Output } from "../output.ts"
import { ofHere, repositoryName } from "../repository-here.ts"
import { tableLines } from "../table.ts"
import { oneLine, roughly } from "../text.ts"

const minutesDefault = 30

export async function claimTake(invocation: Invocation): Promise<ExitCode> {
  const { context } = invocation
  const claim = await hubOf(context).takeClaim({
    directory: path.resolve(context.cwd, invocation.text("directory") ?? "."),
    scopes: [...invocation.args],
    purpose: invocation.text("for") ?? "not said",
    minutes: minutesOf(invocation),
    session: invocation.text("session"),
  })
  return said(invocation, claim, `${claim.id} holds ${oneLine(claim.scopes.join(", "))} for ${remaining(claim, context.now())}`)
}

export async function claimRenew(invocation: Invocation): Promise<ExitCode> {
  const claim = await hubOf(invocation.context).renewClaim(invocation.required(0), minutesOf(invocation))
  return said(invocation, claim, `${claim.id} holds ${oneLine(claim.scopes.join(", "))} for ${remaining(claim, invocation.context.now())}`)
}

export async function claimRelease(invocation: Invocation): Promise<ExitCode> {
  const claim = invocation.required(0)
  await hubOf(invocation.context).releaseClaim(claim)
  return said(invocation, { claim, released: true }, `${oneLine(claim)} is given back`)
}

export async function claimList(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const { items: claims, named, elsewhere } = await ofHere(invocation, await hubOf(invocation.context).claims())
  if (invocation.json) output.list(claims)
  else if (claims.length === 0)
    output.line(elsewhere === 0 ? "Nobody holds anything." : "Nobody holds anything here; in other repositories: fleet claim list --all")
  else for (const line of linesOf(claims, named, output, invocation.context.now())) output.line(line)
  return exitCodes.done
}

const minutesOf = (invocation: Invocation): number => invocation.number("minutes") ?? minutesDefault

const remaining = ({ until }: ClaimView, now: number): string => (until === null ? "as long as it takes" : roughly(until - now))

function said(invocation: Invocation, json: object, line: string): ExitCode {
  const output = outputOf(invocation.context)
  if (invocation.json) output.json(json)
  else output.line(line)
  return exitCodes.done
}

function linesOf(claims: readonly ClaimView[], named: boolean, output: Output, now: number): string[] {
  const columns = [
    { title: "claim" },
    { title: "holder" },
    { title: "still", align: "right" as const },
    ...(named ? [{ title: "repository", grows: true }] : []),
    { title: "paths", grows: true },
    { title: "for", grows: true },
  ]
  const rows = claims.map((claim) => [
    { text: claim.id },
    { text: claim.holder },
    { text: claim.until === null ? "" : remaining(claim, now) },
    ...(named ? [{ text: repositoryName(claim.repository) }] : []),
    { text: claim.scopes.join(", ") },
    { text: claim.purpose },
  ])
  return tableLines(columns, rows, output.columns, output.paint, output.signs.ellipsis)
}
