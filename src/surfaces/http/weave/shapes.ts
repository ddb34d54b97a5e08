/** A session as the Fleet API's users know it: in a list, and as an object of its own. The fields and their order are the contract's. */
import { createHash } from "node:crypto"
import type { SessionView } from "../../../protocol/session-views.ts"
import type { Standing } from "./standing.ts"

/** The id that prompts, diffs and messages are asked by: the agent's own where it has one. */
export const shownId = (view: SessionView): string => view.agentSession ?? view.id

export const directoryOf = (view: SessionView): string => view.directory ?? view.source

export interface ListItem {
  readonly instanceId: string
  readonly workspaceId: string
  readonly workspaceDirectory: string
  readonly workspaceDisplayName: string | null
  readonly isolationStrategy: SessionView["strategy"]
  readonly sourceDirectory: string | null
  readonly branch: string | null
  readonly sessionStatus: Standing["status"]
  readonly session: {
    readonly id: string
    readonly title: string
    readonly directory: string
    readonly projectID: ""
    readonly version: "0"
    readonly time: { readonly created: number; readonly updated: number }
  }
  readonly instanceStatus: "running" | "dead"
  /** Fleet's own id: what callbacks name. */
  readonly dbId: string
  readonly parentSessionId: string | null
  readonly activityStatus: Standing["activity"]
  readonly lifecycleStatus: Standing["lifecycle"]
  readonly typedInstanceStatus: "running" | "stopped"
  readonly totalTokens: number
  readonly totalCost: number
}

export function listItem(view: SessionView, { status, activity, lifecycle, alive }: Standing, displayName: string | null): ListItem {
  const isolated = view.strategy !== "existing"
  return {
    instanceId: view.instance,
    workspaceId: view.workspace,
    workspaceDirectory: directoryOf(view),
    workspaceDisplayName: displayName,
    isolationStrategy: view.strategy,
    sourceDirectory: isolated ? view.source : null,
    branch: isolated ? view.branch : null,
    sessionStatus: status,
    session: { id: shownId(view), title: view.title, directory: directoryOf(view), projectID: "", version: "0", time: timeOf(view) },
    instanceStatus: alive ? "running" : "dead",
    dbId: view.id,
    parentSessionId: view.parent,
    activityStatus: activity,
    lifecycleStatus: lifecycle,
    typedInstanceStatus: alive ? "running" : "stopped",
    totalTokens: tokensOf(view),
    totalCost: view.usage.costUsd ?? 0,
  }
}

export interface SessionObject {
  readonly id: string
  readonly slug: string
  /** Of the repository, which is not looked up for it. */
  readonly projectID: ""
  readonly directory: string
  readonly path: ""
  readonly cost: number
  readonly tokens: { readonly input: number; readonly output: number; readonly reasoning: 0; readonly cache: { readonly read: number; readonly write: 0 } }
  readonly title: string
  readonly version: string
  readonly time: { readonly created: number; readonly updated: number }
}

export function sessionObject(view: SessionView, version: string): SessionObject {
  const { inputTokens: input, outputTokens: output, cachedTokens: read, costUsd } = view.usage
  return {
    id: shownId(view),
    slug: slugOf(view.id),
    projectID: "",
    directory: directoryOf(view),
    path: "",
    cost: costUsd ?? 0,
    tokens: { input, output, reasoning: 0, cache: { read, write: 0 } },
    title: view.title,
    version,
    time: timeOf(view),
  }
}

export const tokensOf = ({ usage }: SessionView): number => usage.inputTokens + usage.outputTokens + usage.cachedTokens

const timeOf = ({ createdAt, changedAt }: SessionView) => ({ created: createdAt, updated: changedAt })

const first = [
  "brave",
  "calm",
  "clever",
  "eager",
  "gentle",
  "glowing",
  "happy",
  "jolly",
  "kind",
  "lively",
  "mellow",
  "nimble",
  "proud",
  "quick",
  "swift",
  "witty",
]
const second = [
  "badger",
  "beaver",
  "crane",
  "dolphin",
  "falcon",
  "fox",
  "heron",
  "lynx",
  "maple",
  "otter",
  "panda",
  "raven",
  "river",
  "tiger",
  "willow",
  "wolf",
]

/** The same for a session each time. */
function slugOf(session: string): string {
  const [a = 0, b = 0] = createHash("sha256").update(session).digest()
  return `${first[a % first.length]}-${second[b % second.length]}`
}
