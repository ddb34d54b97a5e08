import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    pool: "forks",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores: more workers than that only makes real processes miss their moments.
    maxWorkers: 2,
    reporters: ["dot", "./scripts/closing-line.ts"],
  },
})
