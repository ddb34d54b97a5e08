/** The files of a repository, asked by pattern. Bounded: past the limit it says that it does not know. */
import { covers } from "../scope/overlap.ts"
import type { Scope } from "../scope/scope.ts"
import { isBarrel } from "./assess-boundary.ts"
import { compare, isLiteral, literalPrefix } from "./assess-touched.ts"
import { assessLimits } from "./assessment.ts"

export class RepositoryFiles {
  readonly #sorted: readonly string[]
  readonly #all: ReadonlySet<string>
  readonly #named = new Map<string, ReadonlySet<string>>()
  readonly #barrels = new Map<string, readonly string[]>()
  #left = assessLimits.filesLooked

  constructor(files: readonly string[]) {
    this.#all = new Set(files)
    this.#sorted = [...this.#all].sort(compare)
  }

  holds(file: string): boolean {
    return this.#all.has(file)
  }

  isDirectory(path: string): boolean {
    return this.#sorted[this.#firstFrom(`${path}/`)]?.startsWith(`${path}/`) ?? false
  }

  /** Those that lie directly in it. */
  barrelsIn(directory: string): readonly string[] {
    const known = this.#barrels.get(directory)
    if (known !== undefined) return known
    const found = this.#below(directory).filter((file) => !file.slice(directory.length + 1).includes("/") && isBarrel(file))
    this.#barrels.set(directory, found)
    return found
  }

  /** The first file that both patterns name; null when there is none, or when that would take too long to say. */
  inBoth(a: Scope, b: Scope): string | null {
    const [left, right] = [this.#filesOf(a), this.#filesOf(b)]
    for (const file of left) if (right.has(file)) return file
    return null
  }

  #filesOf(scope: Scope): ReadonlySet<string> {
    const known = this.#named.get(scope.pattern)
    if (known !== undefined) return known
    const prefix = literalPrefix(scope.pattern)
    const candidates = prefix === "" ? this.#sorted : this.#below(prefix)
    this.#left -= candidates.length
    const found = new Set(this.#left < 0 ? [] : this.#matching(scope, candidates))
    this.#named.set(scope.pattern, found)
    return found
  }

  #matching(scope: Scope, candidates: readonly string[]): readonly string[] {
    if (!isLiteral(scope.pattern)) return candidates.filter((file) => covers(scope, file))
    return this.#all.has(scope.pattern) ? [scope.pattern] : candidates
  }

  #below(directory: string): readonly string[] {
    return this.#sorted.slice(this.#firstFrom(`${directory}/`), this.#firstFrom(`${directory}0`))
  }

  /** `0` is the character after `/`. */
  #firstFrom(text: string): number {
    return firstFrom(this.#sorted.length, (index) => compare(this.#sorted[index] ?? "", text) < 0)
  }
}

/** The first place of a sorted list of which `before` does not hold. */
export function firstFrom(length: number, before: (index: number) => boolean): number {
  let [low, high] = [0, length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (before(middle)) low = middle + 1
    else high = middle
  }
  return low
}
