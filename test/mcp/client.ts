/** The SDK's own client for tests: both revisions of the protocol, over any transport. It checks each answer against its tool's output schema. */
import { Client, StreamableHTTPClientTransport, type CallToolResult, type Transport } from "@modelcontextprotocol/client"
import { expect } from "vitest"

export const revisions = ["2025-11-25", "2026-07-28"] as const
export type Revision = (typeof revisions)[number]

export async function connect(revision: Revision, transport: Transport): Promise<McpClient> {
  const mode = revision === "2026-07-28" ? { pin: revision } : ("legacy" as const)
  const client = new Client({ name: "a test", version: "1" }, { versionNegotiation: { mode } })
  await client.connect(transport)
  expect(client.getNegotiatedProtocolVersion()).toBe(revision)
  // The schemas of the outputs are known once the tools were listed.
  await client.listTools()
  return new McpClient(client)
}

export const overFetch = (fetch: (request: Request) => Promise<Response>): Transport =>
  new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), { fetch: (url, init) => fetch(new Request(url, init)) })

export const overHttp = (port: number, token: string | null): Transport =>
  new StreamableHTTPClientTransport(
    new URL(`http://127.0.0.1:${port}/mcp`),
    token === null ? {} : { requestInit: { headers: { authorization: `Bearer ${token}` } } },
  )

export class McpClient implements AsyncDisposable {
  readonly sdk: Client
  constructor(sdk: Client) {
    this.sdk = sdk
  }

  async call(name: string, args: Record<string, unknown> = {}, signal?: AbortSignal): Promise<CallToolResult> {
    const result = await this.sdk.callTool({ name, arguments: args }, signal === undefined ? {} : { signal })
    expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThanOrEqual(50_500)
    return result
  }

  /** The structured answer of a call that must go well. */
  async data<Data = Record<string, unknown>>(name: string, args: Record<string, unknown> = {}): Promise<Data> {
    const result = await this.call(name, args)
    if (result.isError === true) throw new Error(`${name} was refused: ${textOf(result)}`)
    return result.structuredContent as Data
  }

  /** The text of a call that must be refused. */
  async refusal(name: string, args: Record<string, unknown> = {}): Promise<string> {
    const result = await this.call(name, args)
    if (result.isError !== true) throw new Error(`${name} was not refused: ${textOf(result)}`)
    return textOf(result)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sdk.close()
  }
}

export const textOf = (result: CallToolResult): string => result.content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n")
