/** Where the planning files are, relative to the top of a repository. */

export const planningFolder = ".planning"
/** Fleet counts in it. */
export const harnessPath = ".claude/harness.json"
export const sessionsFolder = ".planning/fleet"
export const campaignsFolder = ".planning/campaigns"
export const sessionFilePath = (slug: string): string => `${sessionsFolder}/session-${slug}.md`

/** `auth-refactor` of `.planning/fleet/session-auth-refactor.md`, by any path to it; null for other names. */
export function slugOfSessionFile(file: string): string | null {
  return /(?:^|[\\/])session-([A-Za-z0-9][A-Za-z0-9._-]*)\.md$/.exec(file)?.[1] ?? null
}
