/** The tools over stdin and stdout, for one client, until its stdin ends. Nothing but protocol messages is ever written to `output`. */
import type { Readable, Writable } from "node:stream"
import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio"
import type { FleetForAgents } from "./fleet-for-agents.ts"
import { makeMcpServer } from "./server.ts"

export interface StdioParts {
  readonly fleet: FleetForAgents
  readonly version: string
  readonly input: Readable
  readonly output: Writable
  readonly complain: (error: Error) => void
}

const messageBytesMax = 8 * 1024 * 1024

/** Resolves when the client is gone, or `signal` fires; calls that were in hand are ended. */
export async function serveOverStdio({ fleet, version, input, output, complain }: StdioParts, signal: AbortSignal): Promise<void> {
  const gone = Promise.withResolvers<void>()
  for (const event of ["end", "close", "error"]) input.once(event, () => gone.resolve())
  output.once("error", () => gone.resolve())
  signal.addEventListener("abort", () => gone.resolve(), { once: true })
  const transport = new StdioServerTransport(input, output, { maxBufferSize: messageBytesMax })
  const served = serveStdio(() => makeMcpServer(fleet, version), { transport, onerror: complain })
  await gone.promise
  await served.close()
}
