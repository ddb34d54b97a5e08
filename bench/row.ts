/** One line of the benchmark's table. */
export interface Row {
  readonly name: string
  readonly value: string
  readonly target: string
  /** Null: there is no target, or nothing to compare with. */
  readonly ok: boolean | null
}
