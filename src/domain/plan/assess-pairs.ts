/** What is known so far of each pair of tasks: the class of its overlap and some of the reasons; and how much more may be looked at. */
import { assessLimits, type Overlap } from "./assessment.ts"

type Found = Readonly<Record<Exclude<Overlap, "none">, string[]>>

/** Tasks are numbered by their place. */
export class PairTable {
  readonly #size: number
  readonly #found = new Map<number, Found>()
  #left = assessLimits.looks

  constructor(size: number) {
    this.#size = size
  }

  /** The reason is only made when there is room for it. */
  note(a: number, b: number, overlap: Exclude<Overlap, "none">, reason: () => string): void {
    this.#left--
    if (a === b) return
    const [first, second] = a < b ? [a, b] : [b, a]
    const at = first * this.#size + second
    let found = this.#found.get(at)
    if (found === undefined) this.#found.set(at, (found = { possible: [], definite: [] }))
    const reasons = found[overlap]
    if (reasons.length >= assessLimits.reasons) return
    const text = reason()
    if (!reasons.includes(text)) reasons.push(text)
  }

  /** True: so much was looked at that the rest is left unknown. */
  get spent(): boolean {
    return this.#left <= 0
  }

  overlap(a: number, b: number): Overlap {
    const found = this.#at(a, b)
    if (found === undefined) return "none"
    return found.definite.length > 0 ? "definite" : "possible"
  }

  /** Those of a definite overlap first. */
  reasons(a: number, b: number): string[] {
    const found = this.#at(a, b)
    return found === undefined ? [] : [...found.definite, ...found.possible].slice(0, assessLimits.reasons)
  }

  #at(a: number, b: number): Found | undefined {
    return this.#found.get(Math.min(a, b) * this.#size + Math.max(a, b))
  }
}
