/** The vitest reporter that prints the line which CI reads: `N passed, N failed, N skipped`. */
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
    process.once("exit", () => console.log(`${count.passed} passed, ${count.failed} failed${count.skipped === 0 ? "" : `, ${count.skipped} skipped`}`))
  }
}
