/**
 * The scripted agent: a program that speaks ACP on stdio and does what the script in its prompt says. Ships with Fleet, for the demo, tests and benchmarks.
 * `--load-only`: resume conversations by replaying them, as some agents do.
 * Keeps conversations in `$FLEET_SCRIPTED_HOME` or the XDG state directory.
 */
import { homedir } from "node:os"
import path from "node:path"
import "./compiled.ts"

const version = "1.0.0"

if (process.argv.includes("--version")) {
  process.stdout.write(`${version}\n`)
} else {
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
