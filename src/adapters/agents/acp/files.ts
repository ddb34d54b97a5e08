/** Answers an agent that reads files through its client: only inside the session's workspace, symbolic links followed. */
import { RequestError, type ReadTextFileRequest, type ReadTextFileResponse } from "@agentclientprotocol/sdk"
import { readFile, realpath, stat } from "node:fs/promises"
import path from "node:path"

const fileBytesMax = 8 * 1024 * 1024

export async function readWithin(directory: string, request: ReadTextFileRequest): Promise<ReadTextFileResponse> {
  const root = await realpath(directory)
  const file = await realpath(path.resolve(root, request.path)).catch(() => null)
  if (file === null) throw RequestError.resourceNotFound(request.path)
  if (!file.startsWith(root + path.sep)) throw RequestError.invalidParams(undefined, `${request.path} is outside the workspace`)
  if ((await stat(file)).size > fileBytesMax) throw RequestError.invalidParams(undefined, `${request.path} is larger than ${fileBytesMax} bytes`)
  const content = await readFile(file, "utf8")
  if (request.line == null && request.limit == null) return { content }
  const from = Math.max(0, (request.line ?? 1) - 1)
  const lines = content.split("\n")
  return { content: lines.slice(from, request.limit == null ? undefined : from + request.limit).join("\n") }
}
