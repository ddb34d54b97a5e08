/** What the engine keeps of a person's directories: roots that sessions may work below, and names of workspaces. They outlive the hub. Adapter: `adapters/files/places.ts`. */

export interface Places {
  /** Those of the configuration first. */
  roots(): readonly Root[]
  /** One that is there already is left as it is. Rejects with a `FaultError` when there are too many. */
  addRoot(path: string): Promise<{ readonly id: string; readonly path: string }>
  /** False: none of that id was added. Roots of the configuration cannot be removed. */
  removeRoot(id: string): Promise<boolean>
  nameOf(workspace: string): string | null
  /** Null takes the name away. */
  name(workspace: string, name: string | null): Promise<void>
}

export interface Root {
  /** Null for one of the configuration. */
  readonly id: string | null
  readonly path: string
  readonly source: "env" | "user"
}
