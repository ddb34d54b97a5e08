/** The project whose `.planning` directory is meant. */
import path from "node:path"
import type { CliContext } from "../../context.ts"

/** `CLAUDE_PROJECT_DIR`, as the original's scripts have it, or else where the command was called; absolute. */
export function projectRootOf({ env, cwd }: CliContext): string {
  const named = env["CLAUDE_PROJECT_DIR"]
  return path.resolve(cwd, named === undefined || named === "" ? "." : named)
}
