/** Keeping what agents found out. The same words about the same paths are one discovery. */
import { fault, type Fault } from "../fault.ts"
import { id } from "../ids.ts"
import type { Command } from "../project/command.ts"
import type { Draft } from "../project/draft.ts"
import type { Handoff } from "../handoff/handoff.ts"
import { runOf, type State } from "../project/state.ts"
import { scopesOf, type Task } from "../task/task.ts"
import type { Discovery, DiscoveryEvent } from "./discovery.ts"

/** In the state; older ones are in the events. */
const discoveriesMax = 1_000
const textCharsMax = 4_000
const pathsMax = 100
const itemsOfTaskMax = 20

export function reportDiscovery(draft: Draft, command: Command & { type: "discovery.report" }): Fault | null {
  const { session, task, commonDirectory, paths } = command
  const text = command.text.trim()
  if (text === "") return fault("discovery-empty", "there is nothing to report", "the text is empty", "write what others should know")
  if (text.length > textCharsMax || paths.length > pathsMax)
    return fault(
      "discovery-too-long",
      "the discovery is too long",
      `at most ${textCharsMax} characters and ${pathsMax} paths`,
      "report the one thing that others must know",
    )
  const known = draft.state.discoveries.some(
    (other) => other.text === text && other.commonDirectory === commonDirectory && other.paths.join("\0") === paths.join("\0"),
  )
  if (known) return null
  const discovery = id<"discovery">(`d${draft.state.counters.discoveries + 1}`)
  draft.emit({ type: "discovery.reported", discovery, session, task, commonDirectory, text, paths })
  return null
}

/** What a task that has landed handed off: a few items, about the paths that it worked on. */
export function reportHandoff(draft: Draft, task: Task, handoff: Handoff): void {
  const { commonDirectory } = runOf(draft.state, task.run)
  const paths = scopesOf(task).map(({ pattern }) => pattern)
  for (const text of handoff.items.slice(0, itemsOfTaskMax))
    reportDiscovery(draft, {
      type: "discovery.report",
      session: null,
      task: task.id,
      commonDirectory,
      text: text.slice(0, textCharsMax),
      paths: paths.slice(0, pathsMax),
    })
}

export function applyDiscovery(state: State, event: DiscoveryEvent, at: number): State {
  const { discovery: of, session, task, commonDirectory, text, paths } = event
  const discovery: Discovery = { id: of, session, task, commonDirectory, text, paths, at }
  const all = state.discoveries.set(of, discovery)
  const [oldest] = all.size > discoveriesMax ? [...all.values()].sort((a, b) => a.at - b.at) : []
  const discoveries = oldest === undefined ? all : all.delete(oldest.id)
  return { ...state, discoveries, counters: { ...state.counters, discoveries: state.counters.discoveries + 1 } }
}
