/** Every operation of the native API by its id. Who adds one adds its handler in `surfaces/http/native`; the compiler asks for it. */
import { approvalOperations, coordinationOperations } from "./operations/coordination.ts"
import { campaignOperations } from "./operations/campaigns.ts"
import { fileOperations } from "./operations/files.ts"
import { hubOperations } from "./operations/hub.ts"
import { sessionOperations } from "./operations/sessions.ts"
import { planOperations, runOperations, taskOperations } from "./operations/work.ts"
import { webhookOperations } from "./operations/webhooks.ts"
import type { Operation } from "./operation.ts"

export const operations = {
  ...hubOperations,
  ...planOperations,
  ...runOperations,
  ...taskOperations,
  ...campaignOperations,
  ...sessionOperations,
  ...fileOperations,
  ...approvalOperations,
  ...coordinationOperations,
  ...webhookOperations,
}

export type OperationId = keyof typeof operations
export type ParamsOf<Id extends OperationId> = (typeof operations)[Id] extends Operation<infer Params, infer _Query, infer _Body, infer _Value> ? Params : never
export type QueryOf<Id extends OperationId> = (typeof operations)[Id] extends Operation<infer _Params, infer Query, infer _Body, infer _Value> ? Query : never
export type BodyOf<Id extends OperationId> = (typeof operations)[Id] extends Operation<infer _Params, infer _Query, infer Body, infer _Value> ? Body : never
export type ValueOf<Id extends OperationId> = (typeof operations)[Id] extends Operation<infer _Params, infer _Query, infer _Body, infer Value> ? Value : never

/** In the order of the registry. */
export const allOperations: readonly (readonly [id: OperationId, of: Operation])[] = Object.entries(operations) as never
