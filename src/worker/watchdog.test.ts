import { expect, test } from "vitest"
import { HandClock } from "../runtime/clock.ts"
import { Watchdog } from "./watchdog.ts"

const stallMs = 40_000
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function world() {
  const clock = new HandClock()
  const facts = { cpu: 0 as number | null, changed: null as number | null, asked: 0 }
  const stalls: number[] = []
  const watchdog = new Watchdog({
    clock,
    stallMs,
    onStall: (silentMs) => stalls.push(silentMs),
    facts: {
      cpuMs: async () => {
        facts.asked++
        return facts.cpu
      },
      newestChangeMs: async () => facts.changed,
    },
  })
  /** Lets time pass in steps, so that each look is over before the next. */
  const pass = async (ms: number, each: () => void = () => undefined): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 1_000) {
      clock.pass(1_000)
      each()
      await settled()
    }
  }
  return { clock, facts, stalls, watchdog, pass }
}

test("a turn without any sign of life is stalled, once", async () => {
  const { stalls, pass } = world()
  await pass(stallMs - 1_000)
  expect(stalls).toEqual([])
  await pass(stallMs * 3)
  expect(stalls).toEqual([stallMs])
})

test("driver events keep it alive, and nobody walks through the processes meanwhile", async () => {
  const { stalls, watchdog, pass, facts } = world()
  await pass(stallMs * 4, () => watchdog.heard())
  expect(stalls).toEqual([])
  expect(facts.asked).toBe(0)
  await pass(stallMs * 2)
  expect(stalls).toHaveLength(1)
})

test("processor time keeps it alive; the ticking of an idle agent does not", async () => {
  const busy = world()
  await busy.pass(stallMs * 4, () => void (busy.facts.cpu = (busy.facts.cpu ?? 0) + 100))
  expect(busy.stalls).toEqual([])
  const idle = world()
  await idle.pass(stallMs * 4, () => void (idle.facts.cpu = (idle.facts.cpu ?? 0) + 10))
  expect(idle.stalls).toHaveLength(1)
})

test("a file that changes keeps it alive", async () => {
  const { clock, facts, stalls, pass } = world()
  await pass(stallMs * 4, () => void (facts.changed = clock.now()))
  expect(stalls).toEqual([])
})

test("while a person is asked, time does not count; afterwards it does from the start", async () => {
  const { stalls, watchdog, pass } = world()
  watchdog.pause()
  await pass(stallMs * 10)
  expect(stalls).toEqual([])
  watchdog.resume()
  await pass(stallMs - 1_000)
  expect(stalls).toEqual([])
  await pass(stallMs)
  expect(stalls).toHaveLength(1)
})

test("a turn that has ended is not watched", async () => {
  const { stalls, watchdog, pass, clock } = world()
  watchdog[Symbol.dispose]()
  await pass(stallMs * 2)
  expect(stalls).toEqual([])
  expect(clock.waiting).toBe(0)
})
