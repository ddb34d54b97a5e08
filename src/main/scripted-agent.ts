/**
 * The scripted agent: a program that speaks ACP on stdio and does what the script in its prompt says. Ships with Fleet, for the demo, tests and benchmarks.
 * `--load-only`: resume conversations by replaying them, as some agents do. Keeps conversations in `$FLEET_SCRIPTED_HOME` or the XDG state directory.
 */
import { closeSync, writeSync } from "node:fs"
import { homedir } from "node:os"
import path from "node:path"
import { Readable, Writable } from "node:stream"
import { ndJsonStream } from "@agentclientprotocol/sdk"
import { scriptedAgent } from "../scripted/agent.ts"

const stdout = 1
const version = "1.0.0"

if (process.argv.includes("--version")) {
  process.stdout.write(`${version}\n`)
} else {
  await serve()
}

async function serve(): Promise<void> {
  const { app, stop } = scriptedAgent({
    directory: process.env["FLEET_SCRIPTED_HOME"] ?? path.join(process.env["XDG_STATE_HOME"] ?? path.join(homedir(), ".local/state"), "fleet/scripted"),
    environment: process.env,
    version,
    loadOnly: process.argv.includes("--load-only"),
    breakOff: () => {
      writeSync(stdout, '{"jsonrpc":"2.0","method":"session/upd')
      closeSync(stdout)
    },
    exit: (code) => process.exit(code),
  })
  const connection = app.connect(ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>))
  await connection.closed
  await stop()
  process.exit(0)
}
