/** The environment of a process that many sessions share. */

/** Everything but what names a session: sweeping that session would end the others. */
export function sharedEnvironment(environment: Readonly<Record<string, string>>, added: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(environment).filter(([name]) => !name.startsWith("FLEET_") || sharedByAll.has(name))
  return { ...Object.fromEntries(kept), ...added }
}

const sharedByAll = new Set(["FLEET_WORKER", "FLEET_HOME_ID", "FLEET_HOME"])

/** What is a session's alone: it must reach the session's tools another way. */
export function ownEnvironment(environment: Readonly<Record<string, string>>, shared: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name, value]) => shared[name] !== value))
}
