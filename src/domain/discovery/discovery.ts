/** What one agent found out that others should know. Reported as it stands; what becomes of it is for those who read it. */
import type { DiscoveryId, SessionId, TaskId } from "../ids.ts"

export interface Discovery {
  readonly id: DiscoveryId
  /** Where it comes from; both null: from a person. */
  readonly session: SessionId | null
  readonly task: TaskId | null
  readonly commonDirectory: string | null
  /** Hostile text. */
  readonly text: string
  /** Paths or patterns that it is about. */
  readonly paths: readonly string[]
  readonly at: number
}

export interface DiscoveryEvent {
  readonly type: "discovery.reported"
  readonly discovery: DiscoveryId
  readonly session: SessionId | null
  readonly task: TaskId | null
  readonly commonDirectory: string | null
  readonly text: string
  readonly paths: readonly string[]
}
