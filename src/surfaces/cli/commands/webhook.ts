/** `fleet webhook`: addresses that are told what happens. What is sent to them, and when it is given up, is the hub's. */
import { topics } from "../../../domain/webhook/topic.ts"
import type { WebhookView } from "../../../protocol/api/schemas/webhook.ts"
import { hubOf } from "../client.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { outputOf, type Output } from "../output.ts"
import { tableLines } from "../table.ts"
import { oneLine, roughly } from "../text.ts"

export async function webhookAdd(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const named = invocation.texts("topic")
  const added = await hubOf(invocation.context).addWebhook(
    invocation.required(0),
    topics.filter((topic) => named.includes(topic)),
  )
  const { webhook, secret } = added
  if (invocation.json) output.json(added)
  else {
    output.line(`${webhook.id} is told ${aboutOf(webhook)}: ${oneLine(webhook.url)}`)
    output.line(`secret  ${secret}`)
    output.note(`Keep the secret: it is not shown again. Try it: fleet webhook test ${webhook.id}`)
  }
  return exitCodes.done
}

export async function webhookList(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const webhooks = await hubOf(invocation.context).webhooks()
  if (invocation.json) output.list(webhooks)
  else if (webhooks.length === 0) output.line("No webhooks. Add one: fleet webhook add <url>")
  else for (const line of linesOf(webhooks, output, invocation.context.now())) output.line(line)
  return exitCodes.done
}

export async function webhookTest(invocation: Invocation): Promise<ExitCode> {
  const webhook = await hubOf(invocation.context).testWebhook(invocation.required(0))
  return said(invocation, webhook, `fleet.webhook.tested is on its way to ${oneLine(webhook.url)}; it is tried again until it arrives`)
}

export async function webhookEnable(invocation: Invocation): Promise<ExitCode> {
  const webhook = await hubOf(invocation.context).enableWebhook(invocation.required(0))
  return said(invocation, webhook, `${webhook.id} is ${webhook.status}; ${oneLine(webhook.url)} is told what it missed`)
}

export async function webhookRemove(invocation: Invocation): Promise<ExitCode> {
  const webhook = invocation.required(0)
  await hubOf(invocation.context).removeWebhook(webhook)
  return said(invocation, { webhook, removed: true }, `${oneLine(webhook)} is removed`)
}

function said(invocation: Invocation, json: object, line: string): ExitCode {
  const output = outputOf(invocation.context)
  if (invocation.json) output.json(json)
  else output.line(line)
  return exitCodes.done
}

const aboutOf = ({ topics: of }: WebhookView): string => (of.length === 0 ? "everything" : of.join(", "))

function linesOf(webhooks: readonly WebhookView[], output: Output, now: number): string[] {
  const columns = [
    { title: "webhook" },
    { title: "state" },
    { title: "since", align: "right" as const },
    { title: "told of" },
    { title: "address", grows: true },
  ]
  const rows = webhooks.map((webhook) => [
    { text: webhook.id },
    { text: webhook.status, tone: webhook.status === "active" ? ("green" as const) : ("red" as const) },
    { text: roughly(now - webhook.addedAt) },
    { text: aboutOf(webhook) },
    { text: `${webhook.url}${webhook.reason === null ? "" : `: ${webhook.reason}`}` },
  ])
  return tableLines(columns, rows, output.columns, output.paint, output.signs.ellipsis)
}
