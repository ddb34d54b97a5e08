/** The typed client with a second look: every answer must fit the schema of its operation, with nothing beside it. */
import { isDeepStrictEqual } from "node:util"
import { fleetClient, type FleetClient } from "../../src/client/client.ts"
import { fetchBy, type Door } from "../../src/client/transport.ts"
import type { Operation } from "../../src/protocol/api/operation.ts"
import { allOperations } from "../../src/protocol/api/registry.ts"
import { withVersion } from "../../src/protocol/api/schemas/fields.ts"
import { problem } from "../../src/protocol/api/schemas/hub.ts"

export interface Checked {
  readonly fleet: FleetClient
  /** Operations that were answered as they should be, refusals not counted. */
  readonly answered: Set<string>
}

export function checkedClient(door: Door): Checked {
  const answered = new Set<string>()
  const fetch = fetchBy(door)
  const fleet = fleetClient(door, async (request) => {
    const response = await fetch(request)
    const of = operationAt(request.method, new URL(request.url).pathname)
    if (of === null) throw new Error(`the registry has no ${request.method} ${request.url}`)
    // A copy of a stream that nobody reads would keep the other from being cancelled.
    const streams = response.headers.get("content-type")?.startsWith("text/event-stream") === true
    await check(of[1], streams ? response : response.clone())
    if (response.ok) answered.add(of[0])
    return response
  })
  return { fleet, answered }
}

export function operationAt(method: string, path: string): readonly [string, Operation] | null {
  // Those without parameters first: `/v1/sessions/x/files/find` is none of a file called find.
  const byExactness = allOperations.toSorted(([, a], [, b]) => a.path.split("{").length - b.path.split("{").length)
  return byExactness.find(([, of]) => of.method.toUpperCase() === method && new RegExp(`^${of.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path)) ?? null
}

/** Throws when an answer is not what the document promises. */
export async function check({ method, path, answer }: Operation, response: Response): Promise<void> {
  const where = `${method} ${path}: ${response.status}`
  const type = response.headers.get("content-type") ?? ""
  if (response.status >= 400) {
    if (!type.startsWith("application/problem+json")) throw new Error(`${where} is no problem document but ${type}`)
    return fits(where, problem, await response.json())
  }
  if (response.status !== answer.status) throw new Error(`${where}, not ${answer.status}`)
  if (answer.kind === "events" && !type.startsWith("text/event-stream")) throw new Error(`${where} is no event stream`)
  if (answer.kind !== "json") return
  const location = response.headers.get("location")
  const body: unknown = await response.json()
  fits(where, withVersion(answer.schema), body)
  if (answer.location !== null && location !== answer.location(body)) throw new Error(`${where}: Location is ${String(location)}`)
  if (answer.location !== null && operationAt("GET", (location ?? "").split("?")[0] ?? "") === null) throw new Error(`${where}: ${location} leads nowhere`)
}

function fits(where: string, schema: ReturnType<typeof withVersion>, body: unknown): void {
  const parsed = schema.safeParse(body)
  if (!parsed.success) throw new Error(`${where} does not fit: ${JSON.stringify(parsed.error.issues)}\n${JSON.stringify(body)}`)
  if (!isDeepStrictEqual(parsed.data, body)) throw new Error(`${where} says more than its schema: ${JSON.stringify(body)}`)
}
