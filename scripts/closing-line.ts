/** The vitest reporter that prints where the time went, and the line which CI reads: `N passed, N failed, N skipped`. */
import type { Reporter, TestModule } from "vitest/node"

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    for (const module of modules) {
      if (module.errors().length > 0) count.failed += 1
      for (const test of module.children.allTests()) {
        const state = test.result().state
        if (state === "passed") count.passed += 1
        else if (state === "failed") count.failed += 1
        else if (state === "skipped") count.skipped += 1
      }
    }
    if (modules.length > slowestMax) for (const line of slowest(modules)) console.log(line)
    process.once("exit", () => console.log(`${count.passed} passed, ${count.failed} failed${count.skipped === 0 ? "" : `, ${count.skipped} skipped`}`))
  }
}

const slowestMax = 10

function slowest(modules: readonly TestModule[]): string[] {
  const took = (module: TestModule): number => module.diagnostic().duration
  const sorted = modules.toSorted((a, b) => took(b) - took(a)).slice(0, slowestMax)
  return sorted.map((module) => `${(took(module) / 1_000).toFixed(1).padStart(7)} s  ${module.relativeModuleId}`)
}
