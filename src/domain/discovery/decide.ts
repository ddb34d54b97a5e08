/** Keeping what agents found out. The same words about the same paths are one discovery. */
import { fault, type Fault } from "../fault.ts"
import { id } from "../ids.ts"
import type { Command } from "../project/command.ts"
import type { Draft } from "../project/draft.ts"
import type { State } from "../project/state.ts"
import type { Discovery, DiscoveryEvent } from "./discovery.ts"

/** In the state; older ones are in the events. */
const discoveriesMax = 1_000
const textCharsMax = 4_000
const pathsMax = 100

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

export function applyDiscovery(state: State, event: DiscoveryEvent, at: number): State {
  const { discovery: of, session, task, commonDirectory, text, paths } = event
  const discovery: Discovery = { id: of, session, task, commonDirectory, text, paths, at }
  const all = state.discoveries.set(of, discovery)
  const [oldest] = all.size > discoveriesMax ? [...all.values()].sort((a, b) => a.at - b.at) : []
  const discoveries = oldest === undefined ? all : all.delete(oldest.id)
  return { ...state, discoveries, counters: { ...state.counters, discoveries: state.counters.discoveries + 1 } }
}
