/** What a handler of an operation gets, and what it is given to work with. */
import type { Context } from "hono"
import type { BodyOf, OperationId, ParamsOf, QueryOf, ValueOf } from "../../../protocol/api/registry.ts"
import type { HubView } from "../../../protocol/views.ts"
import type { Hub } from "../../../engine/hub.ts"
import type { Caller } from "../access.ts"

export interface NativeParts {
  readonly hub: Hub
  /** The hub as a process: what the state does not know of it. */
  readonly about: () => Omit<HubView, "runs" | "needsYou" | "workers">
  readonly stop: (worker: boolean) => void
}

/** A request that fits the schemas of its operation, from somebody who may ask it. */
export interface Asked<Id extends OperationId> {
  readonly params: ParamsOf<Id>
  readonly query: QueryOf<Id>
  readonly body: BodyOf<Id>
  readonly caller: Caller
  /** Who asks, in words. */
  readonly by: string
  /** For those that answer with a stream. */
  readonly context: Context
  /** Ends when the client is gone. */
  readonly signal: AbortSignal
}

/** Resolves to the answer, or rejects with a `FaultError`. */
export type Handler<Id extends OperationId> = (asked: Asked<Id>) => ValueOf<Id> | Promise<ValueOf<Id>>
export type Handlers<Ids extends OperationId = OperationId> = { readonly [Id in Ids]: Handler<Id> }
