/** Blocks of ports, one leased to each session, so that the servers which agents start do not meet. */
import { createServer } from "node:net"
import { FaultError, fault } from "../domain/fault.ts"
import { Lane } from "../runtime/lane.ts"

export interface PortBlock {
  readonly base: number
  readonly count: number
}

/** Below the range from which systems hand out ports by themselves (32768 on Linux, 49152 elsewhere). */
const range = { from: 20_000, to: 32_000 }
export const portsPerBlock = 10
const blocks = (range.to - range.from) / portsPerBlock

export class PortBlocks {
  readonly #leased = new Set<number>()
  readonly #lane = new Lane()
  #next: number

  /** `seed` lets the workers of one machine begin at different places. */
  constructor(seed: number) {
    this.#next = Math.abs(Math.trunc(seed)) % blocks
  }

  /** Leases a block of which every port was free when it was looked at. */
  lease(): Promise<PortBlock> {
    return this.#lane.run(async () => {
      for (let tried = 0; tried < blocks; tried++) {
        const base = range.from + this.#next * portsPerBlock
        this.#next = (this.#next + 1) % blocks
        if (this.#leased.has(base) || !(await allFree(base))) continue
        this.#leased.add(base)
        return { base, count: portsPerBlock }
      }
      throw new FaultError(noPorts)
    })
  }

  giveBack(block: PortBlock): void {
    this.#leased.delete(block.base)
  }
}

async function allFree(base: number): Promise<boolean> {
  const ports = Array.from({ length: portsPerBlock }, (_, index) => base + index)
  return (await Promise.all(ports.map(isFree))).every((free) => free)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once("error", () => resolve(false))
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)))
  })
}

const noPorts = fault(
  "worker.no-ports",
  "The agent was not started",
  `every block of ports between ${range.from} and ${range.to} is in use`,
  "Wait until other agents are done, or end the programs that hold those ports.",
)
