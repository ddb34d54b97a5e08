import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    pool: "forks",
    // What the tests' own hubs, workers and agents compiled is kept: they start in half the time. Scenarios make a home anew for each.
    env: { XDG_CACHE_HOME: fileURLToPath(new URL("node_modules/.cache", import.meta.url)) },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores: more workers than that only makes real processes miss their moments.
    maxWorkers: 2,
    reporters: ["dot", "./scripts/closing-line.ts"],
  },
})
