/** The clients of `events.ts`, in a thread of their own: they look that no event is lost or out of order, and how late each came. */
import http from "node:http"
import { parentPort, workerData } from "node:worker_threads"

export interface Clients {
  readonly port: number
  readonly clients: number
  readonly events: number
}
export interface Seen {
  readonly lost: number
  readonly reordered: number
  readonly latenessMs: readonly number[]
}

const { port, clients, events } = workerData as Clients
const latenessMs: number[] = []
let [lost, reordered, ready] = [0, 0, 0]

await Promise.all(Array.from({ length: clients }, (_, n) => follow(n)))
parentPort?.postMessage({ lost, reordered, latenessMs } satisfies Seen)

/** Every tenth client says how late its events are; all look at every number. */
function follow(n: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let [rest, last, seen] = ["", 0, 0]
    http
      .get({ host: "127.0.0.1", port, path: "/v1/events?after=0", agent: false }, (response) => {
        response.setEncoding("utf8")
        if (++ready === clients) parentPort?.postMessage("ready")
        response.on("data", (chunk: string) => {
          const blocks = (rest + chunk).split("\n\n")
          rest = blocks.pop() ?? ""
          const now = Date.now()
          for (const block of blocks) {
            const number = Number(/^id: (\d+)$/m.exec(block)?.[1] ?? 0)
            if (number === 0) continue
            if (number <= last) reordered += 1
            last = Math.max(last, number)
            seen += 1
            if (n % 10 === 0) latenessMs.push(now - Number(/"at":(\d+)/.exec(block)?.[1] ?? 0))
          }
          if (last < events) return
          lost += events - seen
          response.destroy()
          resolve()
        })
        response.once("error", reject)
      })
      .once("error", reject)
  })
}
