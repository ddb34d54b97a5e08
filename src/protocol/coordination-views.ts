/** What those who work in one repository know of each other: claims and discoveries, and how each is made. Times are epoch milliseconds. */

/** Scopes that somebody holds: a task by running, a session or a person under a lease. */
export interface ClaimView {
  /** Of one that was taken under a lease; a task's claim has the task's id. */
  readonly id: string
  readonly holder: string
  readonly task: string | null
  readonly session: string | null
  /** Git's common directory of the repository. */
  readonly repository: string
  readonly scopes: readonly string[]
  readonly purpose: string
  readonly since: number | null
  /** Null: until the task has landed or ended. */
  readonly until: number | null
}

/** Body of `POST /v1/claims`. */
export interface TakeClaim {
  /** Absolute path of a directory in the repository. */
  readonly directory: string
  /** As in a plan: `src/api`, `src/**` or `docs (read-only)`. */
  readonly scopes: readonly string[]
  readonly purpose: string
  readonly minutes: number
  /** Session that it is for: it is given back when that ends. */
  readonly session: string | null
}

export interface DiscoveryView {
  readonly id: string
  readonly session: string | null
  readonly task: string | null
  readonly repository: string | null
  /** Hostile text. */
  readonly text: string
  readonly paths: readonly string[]
  readonly at: number
}

/** Body of `POST /v1/discoveries`. */
export interface ReportDiscovery {
  readonly text: string
  readonly paths: readonly string[]
  /** Where it holds; null: that of the session, or everywhere. */
  readonly directory: string | null
  readonly session: string | null
}
