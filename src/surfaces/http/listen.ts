/** The two doors of the hub: a unix socket for this user, and a loopback port for whoever has the token. */
import { once } from "node:events"
import { chmodSync, rmSync } from "node:fs"
import http from "node:http"
import type { ListenOptions } from "node:net"
import { getRequestListener } from "@hono/node-server"
import { Hono } from "hono"
import { guard } from "./access.ts"

export interface Doors extends AsyncDisposable {
  /** Null when no port could be had. */
  readonly port: number | null
  /** Requests that came before are answered now. */
  serve(app: Hono): void
}

/** The port that was asked for, or one of the next few. */
const portsTried = 20

/** The caller must hold the lock of the home: a socket file that is there is then a dead hub's. */
export async function listen(where: { socket: string; port: number; token: string }): Promise<Doors> {
  const ready = Promise.withResolvers<Hono>()
  const door = (wrap: (app: Hono) => Hono): http.Server => {
    const listener = ready.promise.then((app) => getRequestListener(wrap(app).fetch))
    return http.createServer((request, response) => void listener.then((answer) => answer(request, response)))
  }
  const local = door((app) => app)
  const guarded = door((app) => new Hono().use(guard(where.token)).route("/", app))
  rmSync(where.socket, { force: true })
  await bind(local, { path: where.socket })
  chmodSync(where.socket, 0o600)
  const port = await bindFirstFree(guarded, where.port)
  return {
    port,
    serve: ready.resolve,
    [Symbol.asyncDispose]: async () => {
      rmSync(where.socket, { force: true })
      await Promise.all([local, guarded].map(close))
    },
  }
}

async function bindFirstFree(server: http.Server, first: number): Promise<number | null> {
  for (let port = first; port < first + portsTried; port++) {
    try {
      await bind(server, { host: "127.0.0.1", port })
      const address = server.address()
      return typeof address === "object" ? (address?.port ?? null) : null
    } catch (error) {
      if (!["EADDRINUSE", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error
    }
  }
  return null
}

async function bind(server: http.Server, to: ListenOptions): Promise<void> {
  server.listen(to)
  await once(server, "listening")
}

async function close(server: http.Server): Promise<void> {
  if (!server.listening) return
  server.close()
  server.closeAllConnections()
  await once(server, "close")
}
