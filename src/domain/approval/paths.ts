/** Paths as agents give them, seen from a workspace. Pure: symbolic links are not followed, and POSIX paths only. */

/** Normalised; relative when inside the workspace, else absolute. What the agent gave as relative is relative to the workspace. */
export function relativeTo(workspacePath: string, path: string): string {
  // Where a home directory is, is not known here; that it is outside is.
  if (path === "~" || path.startsWith("~/")) return `/${path}`
  const absolute = normalised(path.startsWith("/") ? path : `${workspacePath}/${path}`)
  const root = normalised(workspacePath)
  if (absolute === root) return "."
  return absolute.startsWith(`${root}/`) ? absolute.slice(root.length + 1) : absolute
}

function normalised(path: string): string {
  const kept: string[] = []
  for (const part of path.split("/")) {
    if (part === "..") kept.pop()
    else if (part !== "" && part !== ".") kept.push(part)
  }
  return `/${kept.join("/")}`
}
