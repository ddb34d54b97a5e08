/** The whole test suite: brings the real agents aside (once), then runs every test. The last line is the one that CI reads. */
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const run = (program: string, ...args: string[]): number => spawnSync(program, args, { cwd: root, stdio: "inherit" }).status ?? 1

// Where they cannot be had the tests that want them say so and skip; the rest must run all the same.
run(process.execPath, "scripts/real-agents.ts")
process.exitCode = run(process.execPath, "node_modules/vitest/vitest.mjs", "run", ...process.argv.slice(2))
