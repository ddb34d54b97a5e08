/** Where Fleet keeps things on this machine. Shared by the CLI, the hub and the worker, so that all three look in the same place. */
import path from "node:path"

export interface Paths {
  /** State: database, sockets, workspaces, logs. */
  readonly home: string
  /** The person's configuration; the file need not exist. */
  readonly config: string
  /** What can be made again at any time. */
  readonly cache: string
}

type Environment = Readonly<Record<string, string | undefined>>

/** `FLEET_HOME`, else `$XDG_STATE_HOME/fleet`, else `~/.local/state/fleet`; `FLEET_CONFIG`, else `$XDG_CONFIG_HOME/fleet/config.yaml`. Absolute. */
export function fleetPaths(environment: Environment, userHome: string, cwd: string): Paths {
  const state = given(environment["XDG_STATE_HOME"]) ?? path.join(userHome, ".local", "state")
  const configured = given(environment["XDG_CONFIG_HOME"]) ?? path.join(userHome, ".config")
  const cached = given(environment["XDG_CACHE_HOME"]) ?? path.join(userHome, ".cache")
  return {
    home: path.resolve(cwd, given(environment["FLEET_HOME"]) ?? path.join(state, "fleet")),
    config: path.resolve(cwd, given(environment["FLEET_CONFIG"]) ?? path.join(configured, "fleet", "config.yaml")),
    cache: path.resolve(cwd, cached, "fleet"),
  }
}

function given(value: string | undefined): string | undefined {
  return value === "" ? undefined : value
}
