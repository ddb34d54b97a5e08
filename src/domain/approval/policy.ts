/**
 * Decides a permission that an agent asks for: by the person's rules, else by a default. Pure. Matching the text of a command is a
 * convenience that spares questions, not a sandbox: a command can be written in endless ways, and a script can do anything that its
 * name does not show. Who needs a wall puts the agent into a container.
 */
import type { PermissionRequest } from "../session/turn.ts"
import { relativeTo } from "./paths.ts"
import { isRisky } from "./risky.ts"

export type PermissionAction = "allow" | "ask" | "deny"

export interface PermissionRule {
  readonly kind: PermissionRequest["kind"] | "any"
  /** `*` stands for any text. Matched against the whole command for `run`, each path (relative to the workspace where it is inside) for `read` and `edit`, else the title. */
  readonly match: string
  readonly action: PermissionAction
}

/**
 * The first rule that matches decides. A rule that allows must match every path of the request, one that asks or denies any of them.
 * Without one: reads and edits inside the workspace, fetches, and commands that are not `isRisky` are allowed; all else is asked.
 */
export function decidePermission(rules: readonly PermissionRule[], request: PermissionRequest, workspacePath: string): PermissionAction {
  const paths = request.paths.map((path) => relativeTo(workspacePath, path))
  const subjects = subjectsOf(request, paths)
  const rule = rules.find((candidate) => matches(candidate, request.kind, subjects))
  return rule?.action ?? byDefault(request, paths, workspacePath)
}

function byDefault(request: PermissionRequest, paths: readonly string[], workspacePath: string): PermissionAction {
  const inside = paths.every((path) => !path.startsWith("/"))
  switch (request.kind) {
    case "read":
      return inside ? "allow" : "ask"
    case "edit":
      // An edit that names no file may be of any file.
      return inside && paths.length > 0 && !paths.some(isGit) ? "allow" : "ask"
    case "run":
      return isRisky(request.command ?? request.title, workspacePath) ? "ask" : "allow"
    case "fetch":
      return "allow"
    case "other":
      return "ask"
  }
}

/** Hooks and settings in there run later, as somebody else. */
const isGit = (path: string): boolean => path === ".git" || path.startsWith(".git/")

function subjectsOf(request: PermissionRequest, paths: readonly string[]): readonly string[] {
  if (request.kind === "run") return [request.command ?? request.title]
  return paths.length > 0 && (request.kind === "read" || request.kind === "edit") ? paths : [request.title]
}

function matches(rule: PermissionRule, kind: PermissionRequest["kind"], subjects: readonly string[]): boolean {
  if (rule.kind !== "any" && rule.kind !== kind) return false
  return rule.action === "allow" ? subjects.every((subject) => fits(rule.match, subject)) : subjects.some((subject) => fits(rule.match, subject))
}

/** Walks the pattern's parts between the stars in order: no regular expression, so no hostile text can make it slow. */
function fits(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.split("*")
  const last = rest.pop()
  if (last === undefined) return pattern === text
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false
  let at = first.length
  const end = text.length - last.length
  for (const part of rest) {
    const found = text.indexOf(part, at)
    if (found < 0 || found + part.length > end) return false
    at = found + part.length
  }
  return true
}
