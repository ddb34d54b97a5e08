/** Serves the scripted agent on a process's stdin and stdout, until stdin ends. */
import { closeSync, writeSync } from "node:fs"
import { Readable, Writable } from "node:stream"
import { ndJsonStream } from "@agentclientprotocol/sdk"
import { scriptedAgent, type ScriptedAgentOptions } from "./agent.ts"

export interface StdioOptions extends Omit<ScriptedAgentOptions, "breakOff"> {
  readonly stdin: Readable
  readonly stdout: Writable & { readonly fd: number }
}

/** Resolves when the client is gone and what the turns had started has ended. */
export async function serveStdio({ stdin, stdout, ...options }: StdioOptions): Promise<void> {
  const { app, stop } = scriptedAgent({
    ...options,
    breakOff: () => {
      writeSync(stdout.fd, '{"jsonrpc":"2.0","method":"session/upd')
      closeSync(stdout.fd)
    },
  })
  const connection = app.connect(ndJsonStream(Writable.toWeb(stdout), Readable.toWeb(stdin) as ReadableStream<Uint8Array>))
  await connection.closed
  await stop()
}
