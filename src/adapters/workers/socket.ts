/** Workers over a unix socket that only its owner can reach. */
import { chmod, lstat, mkdir, unlink } from "node:fs/promises"
import { createServer, connect, type Server, type Socket } from "node:net"
import { once } from "node:events"
import { dirname } from "node:path"
import { FaultError, fault, type Fault } from "../../domain/fault.ts"
import type { Workers, WorkersListener } from "../../engine/ports/workers.ts"
import { streamWire } from "../../protocol/frames.ts"
import { systemClock, type Clock } from "../../runtime/clock.ts"
import { Connections } from "./connections.ts"

export interface SocketOptions {
  /** Absolute path of the socket. Its directory is made, for its owner alone. */
  readonly path: string
  readonly listener: WorkersListener
  readonly noticed: (notice: Fault) => void
  readonly clock?: Clock
  readonly askTimeoutMs?: number
}

/** `sun_path` of macOS, the smaller one; Linux has 107. */
const pathBytesMax = 103

/** Rejects with a `FaultError` when another hub listens there, or when others could reach the socket. */
export async function listenForWorkers(options: SocketOptions): Promise<Workers> {
  const { path, listener, noticed, clock = systemClock, askTimeoutMs = 15_000 } = options
  if (Buffer.byteLength(path) > pathBytesMax) throw new FaultError(pathTooLong(path))
  await ownDirectory(dirname(path))
  const connections = new Connections({ listener, clock, askTimeoutMs, noticed })
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once("close", () => sockets.delete(socket))
    connections.accept((wire) => streamWire(socket, wire))
  })
  await listen(server, path)
  await chmod(path, 0o600)
  return {
    send: (worker, job) => connections.send(worker, job),
    ask: (worker, query) => connections.ask(worker, query),
    shutdown: (worker) => connections.shutdown(worker),
    [Symbol.asyncDispose]: async () => {
      const closed = server.listening ? once(server, "close") : null
      server.close()
      await connections[Symbol.asyncDispose]()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** A directory that was there before is never changed: it may be anybody's. */
async function ownDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const found = await lstat(directory)
  const mine = found.uid === process.getuid?.()
  if (!mine || (found.mode & 0o077) !== 0) throw new FaultError(openDirectory(directory))
}

async function listen(server: Server, path: string): Promise<void> {
  try {
    await tryListen(server, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error
    if (!(await isSocket(path)) || (await answers(path))) throw new FaultError(hubRuns(path), { cause: error })
    await unlink(path).catch(() => undefined)
    await tryListen(server, path)
  }
}

async function tryListen(server: Server, path: string): Promise<void> {
  server.listen(path)
  await once(server, "listening")
}

/** Anything else at that path is not ours to remove. */
async function isSocket(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null)
  return found === null || found.isSocket()
}

/** Whether somebody listens. A socket file without a listener was left by a hub that died. */
async function answers(path: string): Promise<boolean> {
  const socket = connect(path)
  try {
    await once(socket, "connect")
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code !== "ECONNREFUSED" && code !== "ENOENT"
  } finally {
    socket.destroy()
  }
}

const pathTooLong = (path: string): Fault =>
  fault("hub.socket-path", "The hub cannot listen for workers", `the path of its socket is longer than ${pathBytesMax} bytes: ${path}`, "Use a shorter home.")

const openDirectory = (directory: string): Fault =>
  fault("hub.socket-directory", "The hub does not listen for workers", `others can reach ${directory}`, `Close it: chmod 700 '${directory}'`)

const hubRuns = (path: string): Fault =>
  fault("hub.running", "The hub was not started", `another one listens at ${path}`, "Use that one, or stop it: fleet hub stop")
