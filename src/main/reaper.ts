/**
 * The reaper: a process of its own that outlives a worker by a few seconds. Its stdin is a pipe that the worker holds; when the
 * pipe ends, the worker is gone, however it died, and everything with `FLEET_WORKER=<boot>` in its environment is ended.
 * It imports as little as possible, because one runs beside every worker. Started by `worker/reaper.ts`.
 */
import "./compiled.ts"

const graceMs = 1_000
/** An agent that was being started while the worker died can turn up after the first look. */
const looks = 3

// Whoever stops the worker may signal us too, and we have to be the last to go: only the end of the pipe ends us.
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => undefined)

const { endMarked } = await import("../runtime/marked.ts")

async function sweep(boot: string): Promise<number> {
  let survivors = 0
  for (let look = 0; look < looks; look++) {
    const swept = await endMarked({ name: "FLEET_WORKER", value: boot, graceMs })
    survivors = swept.survivors.length
  }
  return survivors
}

const [, , boot = ""] = process.argv
let asked = false
const pipeEnded = (): void => {
  if (asked || boot === "") return
  asked = true
  void sweep(boot).then((survivors) => process.exit(survivors === 0 ? 0 : 1))
}
process.stdin.on("end", pipeEnded)
process.stdin.on("close", pipeEnded)
process.stdin.on("error", pipeEnded)
process.stdin.resume()
