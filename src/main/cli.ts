/** The `fleet` program: hands the world to the CLI and ends with its exit code. */
import { homedir } from "node:os"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { runCli } from "../surfaces/cli/run-cli.ts"
import { fleetPaths } from "./paths.ts"
import { fleetVersion } from "./version.ts"

// A reader that has seen enough (`fleet status | head`) closes the pipe: no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1))
}

/** The other programs are beside this one, as sources or as built files. */
const program = (name: string): string => fileURLToPath(new URL(name + path.extname(import.meta.url), import.meta.url))

process.exitCode = await runCli({
  argv: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  version: fleetVersion(),
  ...fleetPaths(process.env, homedir(), process.cwd()),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  programs: { node: process.execPath, hub: program("./hub"), worker: program("./worker") },
  signals: process,
  now: Date.now,
})
