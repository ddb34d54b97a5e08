/** Where sessions may work: below directories that the configuration names, or, when it names none, in whatever belongs to the person; and below those that were added since. */
import path from "node:path"
import { fault, FaultError } from "../domain/fault.ts"
import type { Hub } from "./hub.ts"

/** The directory with its links resolved. Throws a `FaultError` when it is missing, no directory, or outside of the roots. */
export async function realDirectory(hub: Hub, named: string): Promise<string> {
  if (named.includes("\0") || !path.isAbsolute(named))
    throw new FaultError(
      fault("directory-missing", "Directory does not exist", `${JSON.stringify(named)} is no absolute path`, "send the absolute path of a directory"),
    )
  const { directories, places } = hub.parts
  const roots = places.roots()
  const seen = await directories.look(named)
  const anyOwn = roots.every(({ source }) => source !== "env") && (seen.own || seen.kind === "missing")
  const allowed = anyOwn || (await isBelowAny(hub, seen.path))
  if (!allowed)
    throw new FaultError(
      fault(
        "outside-roots",
        "Directory is outside the allowed workspace roots",
        roots.length === 0 ? `${seen.path} belongs to somebody else` : `${seen.path} is below none of ${roots.map((root) => root.path).join(", ")}`,
        "choose another directory, or allow it: `roots` in the config, or ORCHESTRATOR_WORKSPACE_ROOTS",
      ),
    )
  if (seen.kind === "missing")
    throw new FaultError(fault("directory-missing", "Directory does not exist", `${named} was looked for and not found`, "check the path"))
  if (seen.kind === "file")
    throw new FaultError(fault("not-a-directory", "Path exists but is not a directory", `${named} is a file`, "name the directory that it is in"))
  return seen.path
}

async function isBelowAny(hub: Hub, real: string): Promise<boolean> {
  for (const root of hub.parts.places.roots()) {
    const { path: top } = await hub.parts.directories.look(root.path)
    if (real === top || real.startsWith(top.endsWith("/") ? top : `${top}/`)) return true
  }
  return false
}
