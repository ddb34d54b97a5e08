/** The person's configuration as the settings that runs start with. */
import path from "node:path"
import type { SessionSettings } from "../engine/sessions.ts"
import { defaultSettings, type RunSettings } from "../domain/run/run.ts"
import type { Config } from "../protocol/config.ts"
import { choosePlaces } from "../surfaces/cli/skills/places.ts"
import type { WeaveSettings } from "../surfaces/http/weave/parts.ts"

const minuteMs = 60_000

export function settingsFrom({ defaults }: Config): Omit<RunSettings, "agent"> {
  return {
    ...defaultSettings,
    retries: defaults.retries ?? defaultSettings.retries,
    stallMs: defaults.stall === undefined ? defaultSettings.stallMs : defaults.stall * minuteMs,
    workspace: defaults.workspace ?? defaultSettings.workspace,
    widening: defaults.widening ?? defaultSettings.widening,
    timeoutMs: { skill: defaults.timeouts.skill * minuteMs, research: defaults.timeouts.research * minuteMs, build: defaults.timeouts.build * minuteMs },
  }
}

type Environment = Readonly<Record<string, string | undefined>>

/** `WEAVE_WORKSPACE_ROOT` and `ORCHESTRATOR_WORKSPACE_ROOTS` are the names that the Fleet API's users know. */
export function sessionSettingsFrom({ sessions, defaults }: Config, environment: Environment, userHome: string): SessionSettings {
  const inMs = (minutes: number | null): number | null => (minutes === null ? null : minutes * minuteMs)
  return {
    limitMs: inMs(sessions.timeout),
    idleMs: inMs(sessions.idle),
    stallMs: defaults.stall === undefined ? defaultSettings.stallMs : defaults.stall * minuteMs,
    cloneRoot: path.resolve(userHome, sessions.clones ?? (environment["WEAVE_WORKSPACE_ROOT"] || path.join(".weave", "workspaces"))),
  }
}

export function rootsFrom({ roots }: Config, environment: Environment): readonly string[] {
  const named = (environment["ORCHESTRATOR_WORKSPACE_ROOTS"] ?? "").split(":").filter((root) => root.startsWith("/"))
  return [...roots, ...named]
}

export function weaveSettingsFrom({ agents }: Config, environment: Environment, from: { file: string; personHome: string }): WeaveSettings {
  const around = { env: environment, userHome: from.personHome, cwd: from.personHome }
  const { places } = choosePlaces(null, "user", { context: around, project: from.personHome, allAgents: [] })
  const models = Object.entries(agents).flatMap(([name, { model }]) => (model === undefined ? [] : [[name, model] as const]))
  return {
    name: environment["FLEET_NAME"] || "fleet",
    description: environment["FLEET_DESCRIPTION"] ?? "",
    personHome: from.personHome,
    skillPlaces: places,
    config: { file: from.file, models: Object.fromEntries(models) },
  }
}
