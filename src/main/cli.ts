/** The `fleet` program: hands the world to the CLI and ends with its exit code. */
import { homedir } from "node:os"
import "./compiled.ts"
import { sibling } from "./entry.ts"
import { homeIdOf, localWorker } from "./names.ts"
import { fleetPaths } from "./paths.ts"
import { fleetVersion } from "./version.ts"

// A reader that has seen enough (`fleet status | head`) closes the pipe: no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1))
}

const { home, config } = fleetPaths(process.env, homedir(), process.cwd())
const { runCli } = await import("../surfaces/cli/run-cli.ts")

process.exitCode = await runCli({
  argv: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  userHome: homedir(),
  version: fleetVersion(),
  home,
  homeId: homeIdOf(home, localWorker),
  homeIdOf: (other) => homeIdOf(other, localWorker),
  config,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  programs: {
    node: process.execPath,
    cli: sibling("cli"),
    hub: sibling("hub"),
    worker: sibling("worker"),
    scriptedAgent: sibling("scripted-agent"),
  },
  signals: process,
  now: Date.now,
})
