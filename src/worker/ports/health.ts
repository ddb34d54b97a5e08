/** What a worker needs to look at the health of a repository. Adapter: `adapters/health`. */
import type { HealthFindings } from "../../domain/health/health.ts"

export interface Health {
  /**
   * Runs the repository's own type check, tests and linter, one after the other, and looks at its packages, TODOs and branches. `told` hears
   * what is done now, a clause each. Whatever was started is gone when it resolves. Rejects only with the signal's reason.
   */
  diagnose(root: string, signal: AbortSignal, told: (step: string) => void): Promise<HealthFindings>
}
