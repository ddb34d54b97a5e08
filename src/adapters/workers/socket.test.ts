import { chmod, mkdtemp, mkdir, rm, stat, writeFile } from "node:fs/promises"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { connect } from "node:net"
import { describe, expect, test } from "vitest"
import { workersConformance } from "../../engine/ports/workers.conformance.ts"
import type { WorkersListener } from "../../engine/ports/workers.ts"
import { streamWire } from "../../protocol/frames.ts"
import { frameCharsMax } from "../../protocol/worker.ts"
import { systemClock } from "../../runtime/clock.ts"
import { listenForWorkers } from "./socket.ts"

const silent: WorkersListener = { connected: async () => 0, disconnected: async () => undefined, reported: async () => undefined, progressed: () => undefined }

async function home() {
  const directory = await mkdtemp(join(tmpdir(), "fleet workers-"))
  return { directory, path: join(directory, "run", "worker.sock"), [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) }
}

describe("the port", () => {
  workersConformance(async (listener, clock) => {
    const at = await home()
    const workers = await listenForWorkers({ path: at.path, listener, clock, noticed: () => undefined })
    return {
      workers,
      dial: async (wire) => {
        const socket = connect(at.path)
        await once(socket, "connect")
        return streamWire(socket, wire)
      },
      [Symbol.asyncDispose]: async () => {
        await workers[Symbol.asyncDispose]()
        await at[Symbol.asyncDispose]()
      },
    }
  })
})

test("only the owner can reach the socket, and a directory that others can reach is refused", async () => {
  await using at = await home()
  {
    await using _workers = await listenForWorkers({ path: at.path, listener: silent, noticed: () => undefined })
    expect((await stat(at.path)).mode & 0o777).toBe(0o600)
    expect((await stat(join(at.directory, "run"))).mode & 0o777).toBe(0o700)
  }
  await mkdir(join(at.directory, "open"))
  await chmod(join(at.directory, "open"), 0o755)
  const refused = listenForWorkers({ path: join(at.directory, "open", "w.sock"), listener: silent, noticed: () => undefined })
  await expect(refused).rejects.toMatchObject({ fault: { code: "hub.socket-directory" } })
})

test("a second hub is refused; a socket that a killed hub left is taken over; any other file is left alone", async () => {
  await using at = await home()
  {
    await using _first = await listenForWorkers({ path: at.path, listener: silent, noticed: () => undefined })
    await expect(listenForWorkers({ path: at.path, listener: silent, noticed: () => undefined })).rejects.toMatchObject({ fault: { code: "hub.running" } })
  }
  const killed = spawn(process.execPath, ["-e", "require('net').createServer().listen(process.argv[1], () => console.log('up'))", at.path])
  await once(killed.stdout, "data")
  killed.kill("SIGKILL")
  await once(killed, "exit")
  expect((await stat(at.path)).isSocket()).toBe(true)
  {
    await using _second = await listenForWorkers({ path: at.path, listener: silent, noticed: () => undefined })
  }
  await writeFile(at.path, "somebody's")
  await expect(listenForWorkers({ path: at.path, listener: silent, noticed: () => undefined })).rejects.toMatchObject({ fault: { code: "hub.running" } })
  expect((await stat(at.path)).size).toBe(10)
})

test("a line without end closes the connection and nothing else", async () => {
  await using at = await home()
  const notices: string[] = []
  await using _workers = await listenForWorkers({ path: at.path, listener: silent, clock: systemClock, noticed: (notice) => notices.push(notice.code) })
  const socket = connect(at.path)
  socket.on("error", () => undefined)
  const part = "x".repeat(1024 * 1024)
  for (let sent = 0; sent <= frameCharsMax; sent += part.length) socket.write(part)
  socket.write("\n")
  await once(socket, "close")
  expect(notices).toEqual(["protocol.frame-too-long"])
})
