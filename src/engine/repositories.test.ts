import { expect, test } from "vitest"
import { Repositories } from "./repositories.ts"

/** A lock that only one may hold, as another hub sees it. */
function locks() {
  const held = new Set<string>()
  const inUse = new Set<string>()
  const repositories = new Repositories({
    hold: async (directory) => {
      if (held.has(directory)) throw new Error(`${directory} is held`)
      held.add(directory)
      return { [Symbol.asyncDispose]: async () => void held.delete(directory) }
    },
    inUse: () => [...inUse],
    complain: (error) => {
      throw error
    },
  })
  return { held, inUse, repositories }
}

test("two who want one at the same time share it, and it is given back when both are done", async () => {
  const { held, repositories } = locks()
  const first = Promise.withResolvers<void>()
  const both = [repositories.during("/r", () => first.promise), repositories.during("/r", async () => undefined)]
  await both[1]
  expect(held.has("/r")).toBe(true)
  first.resolve()
  await Promise.all(both)
  await repositories.during("/other", async () => undefined)
  expect(held.has("/r")).toBe(false)
})

test("what is in use stays held, also while others come and go", async () => {
  const { held, inUse, repositories } = locks()
  await repositories.during("/r", async () => void inUse.add("/r"))
  await repositories.during("/r", async () => undefined)
  expect(held.has("/r")).toBe(true)
})

test("what is wanted between its last use and its being given back is never given back under somebody's feet", async () => {
  const { held, inUse, repositories } = locks()
  inUse.add("/r")
  await repositories.holdAll()
  inUse.delete("/r")
  repositories.releaseIdle()
  const seen = await repositories.during("/r", async () => held.has("/r"))
  expect(seen).toBe(true)
})

test("a failure lets it go", async () => {
  const { held, repositories } = locks()
  await expect(repositories.during("/r", () => Promise.reject(new Error("no")))).rejects.toThrow("no")
  await repositories.during("/r", async () => expect(held.has("/r")).toBe(true))
})
