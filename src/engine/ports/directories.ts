/** What the engine needs of the file system of its own machine: what a path that somebody names really is, and a place for what comes with prompts. Adapter: `adapters/files/directories.ts`. */

export interface Directories {
  /** Looks at a path with its links resolved. `own`: it belongs to the user that the hub runs as. */
  look(path: string): Promise<SeenPath>
  /** Directories below one, hidden ones left out, by name, at most a thousand. */
  list(path: string): Promise<readonly ListedDirectory[]>
  /** Makes one whose parent is there. Rejects with a `FaultError` (`path-exists`) when something has its name. */
  make(path: string): Promise<void>
  /** Keeps bytes as a file that only this user can read. Returns its absolute path. Twice the same bytes are one file. */
  keep(bytes: Uint8Array, extension: string): Promise<string>
}

export interface SeenPath {
  /** Without links; what was asked for when there is nothing. */
  readonly path: string
  readonly kind: "directory" | "file" | "missing"
  readonly own: boolean
}

export interface ListedDirectory {
  readonly name: string
  readonly path: string
  readonly isGitRepo: boolean
}
