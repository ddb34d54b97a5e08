/** The person's configuration as the settings that runs start with. */
import { defaultSettings, type RunSettings } from "../domain/run/run.ts"
import type { Config } from "../protocol/config.ts"

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
