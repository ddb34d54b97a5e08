/** The typed client of the native API: every operation of schema/openapi.json, checked by the compiler. What the package exports as `agent-fleet/client`. */
import createClient, { type Client } from "openapi-fetch"
import { fault, FaultError, type Fault } from "../domain/fault.ts"
import type { PlanFault } from "../domain/plan/plan.ts"
import type { paths } from "./openapi.ts"
import { fetchBy, type Door } from "./transport.ts"

export type { components, operations, paths } from "./openapi.ts"
export type { Door } from "./transport.ts"
export type FleetClient = Client<paths>

/** `const { items } = await answered(fleet.GET("/v1/runs"))` */
export function fleetClient(door: Door, fetch: (request: Request) => Promise<Response> = fetchBy(door)): FleetClient {
  return createClient<paths>({ baseUrl: "http://localhost", fetch })
}

/** Our own values are read-only, which the generated types cannot say: openapi-fetch would not see that they are arrays. */
export const sent = <Value>(value: Value): Sent<Value> => value as Sent<Value>
export type Sent<Value> = Value extends string | number | boolean | null
  ? Value
  : Value extends readonly (infer Item)[]
    ? Sent<Item>[]
    : { -readonly [Key in keyof Value]: Sent<Value[Key]> }

/** The hub refused a plan and said what is wrong with it. */
export class PlanRefused extends FaultError {
  readonly faults: readonly PlanFault[]
  constructor(of: Fault, faults: readonly PlanFault[]) {
    super(of)
    this.faults = faults
  }
}

interface Answered<Data> {
  readonly data?: Data
  readonly error?: unknown
  readonly response: Response
}

/** What the hub answered. Rejects with a `FaultError`: the hub's own refusal, or that it cannot be reached or understood. */
export async function answered<Data>(call: Promise<Answered<Data>>): Promise<NonNullable<Data>> {
  const { data, error, response } = await call.catch((thrown: unknown) => {
    // The body was no JSON; what the transport says is a fault already.
    throw thrown instanceof SyntaxError ? strange(200) : thrown
  })
  if (error !== undefined) throw refusalOf(error, response.status)
  if (data === undefined || data === null) throw strange(response.status)
  return data
}

/** The problem document as the fault that it is. */
export function refusalOf(document: unknown, status: number): FaultError {
  if (!isFault(document)) return strange(status)
  const { code, what, why, fix } = document
  const faults = "faults" in document && Array.isArray(document.faults) ? (document.faults as PlanFault[]) : null
  return faults === null ? new FaultError({ code, what, why, fix }) : new PlanRefused({ code, what, why, fix }, faults)
}

function isFault(answer: unknown): answer is Fault {
  return typeof answer === "object" && answer !== null && ["code", "what", "why", "fix"].every((name) => typeof Reflect.get(answer, name) === "string")
}

function strange(status: number): FaultError {
  return new FaultError(
    fault(
      "hub-answer",
      "the hub gave an answer that this client does not understand",
      `status ${status}`,
      "run `fleet hub status`: another version may be running",
    ),
  )
}
