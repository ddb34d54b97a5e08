/**
 * The scripted agent: a program that speaks ACP on stdio and does what the script in its prompt says. Ships with Fleet, for the demo, tests and benchmarks.
 * `--load-only`: resume conversations by replaying them, as some agents do. `--compile-cache=DIR`: start in half the time and with a fifth less memory.
 * Keeps conversations in `$FLEET_SCRIPTED_HOME` or the XDG state directory.
 */
import { enableCompileCache } from "node:module"
import { homedir } from "node:os"
import path from "node:path"

const version = "1.0.0"
const cache = process.argv.find((argument) => argument.startsWith("--compile-cache="))?.slice("--compile-cache=".length)

if (process.argv.includes("--version")) {
  process.stdout.write(`${version}\n`)
} else {
  if (cache !== undefined) enableCompileCache(cache)
  // Only from here on is what gets loaded cached.
  const { serveStdio } = await import("../scripted/stdio.ts")
  await serveStdio({
    directory: process.env["FLEET_SCRIPTED_HOME"] ?? path.join(process.env["XDG_STATE_HOME"] ?? path.join(homedir(), ".local/state"), "fleet-scripted-agent"),
    environment: process.env,
    version,
    loadOnly: process.argv.includes("--load-only"),
    stdin: process.stdin,
    stdout: process.stdout,
    exit: (code) => process.exit(code),
  })
  process.exit(0)
}
