/** What every store must do, as tests. Run by the tests of each adapter, the one in memory included. */
import { expect, test } from "vitest"
import { id, type ProjectId } from "../../domain/ids.ts"
import { VersionConflict, type Commit, type Store } from "./store.ts"

export type SampleEvent = { readonly type: string; readonly n?: number | null }
export type SampleAction = { readonly does: string }

const shop = id<"project">("shop") satisfies ProjectId
const docs = id<"project">("docs \u{1F680} 'quoted'\n") satisfies ProjectId

const commit = (types: readonly string[], rest: Partial<Commit<SampleEvent, SampleAction>> = {}): Commit<SampleEvent, SampleAction> => ({
  at: 1_000,
  events: types.map((type) => ({ type })),
  opens: [],
  settles: [],
  ...rest,
})
const open = (key: string, does = key): { key: string; action: SampleAction } => ({ key, action: { does } })

/** `create` gives a new, empty store; the suite disposes of it. */
export function storeConformance(name: string, create: () => Promise<Store<SampleEvent, SampleAction>>): void {
  const check = (what: string, body: (store: Store<SampleEvent, SampleAction>) => Promise<void>): void =>
    test(`${name}: ${what}`, async () => {
      await using store = await create()
      await body(store)
    })
  events(check)
  actions(check)
  snapshots(check)
}

type Check = (what: string, body: (store: Store<SampleEvent, SampleAction>) => Promise<void>) => void

function events(check: Check): void {
  check("a stream that nobody wrote to is empty", async (store) => {
    expect(await store.load(shop)).toEqual({ snapshot: null, events: [], open: [] })
    expect(await store.read(shop, 0, 10)).toEqual([])
  })
  check("events come back in order, numbered from one without gaps, with their instant", async (store) => {
    expect(await store.commit(shop, 0, commit(["a", "b"]))).toBe(2)
    expect(await store.commit(shop, 2, commit(["c"], { at: 2_000 }))).toBe(3)
    expect((await store.load(shop)).events).toEqual([
      { number: 1, at: 1_000, event: { type: "a" } },
      { number: 2, at: 1_000, event: { type: "b" } },
      { number: 3, at: 2_000, event: { type: "c" } },
    ])
  })
  check("any text survives", async (store) => {
    const type = "zero \0 quote ' \" line \n \u2028 emoji \u{1F680} lone \ud800"
    await store.commit(docs, 0, commit([type]))
    expect((await store.load(docs)).events[0]?.event).toEqual({ type })
  })
  check("a wrong version is refused and nothing of the commit is written", async (store) => {
    await store.commit(shop, 0, commit(["a"], { opens: [open("k1")] }))
    for (const version of [0, 2]) {
      await expect(store.commit(shop, version, commit(["b"], { opens: [open("k2")], settles: ["k1"] }))).rejects.toBeInstanceOf(VersionConflict)
    }
    expect(await store.load(shop)).toMatchObject({ events: [{ event: { type: "a" } }], open: [{ key: "k1" }] })
  })
  check("of two writers with the same version one wins", async (store) => {
    const results = await Promise.allSettled([store.commit(shop, 0, commit(["a"])), store.commit(shop, 0, commit(["b"]))])
    expect(results.map((result) => result.status).toSorted()).toEqual(["fulfilled", "rejected"])
    expect((await store.load(shop)).events).toHaveLength(1)
  })
  check("projects do not see each other", async (store) => {
    await store.commit(shop, 0, commit(["a"], { opens: [open("k")] }))
    await store.commit(docs, 0, commit(["b"], { opens: [open("k", "other")] }))
    await store.commit(docs, 1, commit([], { settles: ["k"] }))
    expect(await store.load(shop)).toMatchObject({ events: [{ event: { type: "a" } }], open: [{ key: "k", action: { does: "k" } }] })
    expect(await store.load(docs)).toMatchObject({ events: [{ event: { type: "b" } }], open: [] })
  })
  check("reading pages through the stream", async (store) => {
    await store.commit(shop, 0, commit(["a", "b", "c", "d"]))
    expect((await store.read(shop, 1, 2)).map((stored) => stored.event.type)).toEqual(["b", "c"])
    expect(await store.read(shop, 4, 2)).toEqual([])
  })
  check("what was handed in or out can be changed without changing the store", async (store) => {
    const handed = { type: "a", n: 1 }
    await store.commit(shop, 0, { ...commit([]), events: [handed] })
    handed.n = 2
    const first = (await store.load(shop)).events[0]?.event as { n: number }
    first.n = 3
    expect((await store.load(shop)).events[0]?.event).toEqual({ type: "a", n: 1 })
  })
}

function actions(check: Check): void {
  check("actions are open until they are settled, oldest first", async (store) => {
    await store.commit(shop, 0, commit(["a"], { opens: [open("z"), open("y")] }))
    await store.commit(shop, 1, commit([], { opens: [open("x")], settles: ["z"] }))
    expect((await store.load(shop)).open).toEqual([open("y"), open("x")])
  })
  check("an action whose key is open already is left as it is", async (store) => {
    await store.commit(shop, 0, commit([], { opens: [open("k", "first"), open("k", "again")] }))
    await store.commit(shop, 0, commit([], { opens: [open("k", "later")] }))
    expect((await store.load(shop)).open).toEqual([open("k", "first")])
  })
  check("settling what is not open changes nothing", async (store) => {
    await store.commit(shop, 0, commit([], { opens: [open("k")], settles: ["unknown"] }))
    expect((await store.load(shop)).open).toEqual([open("k")])
  })
  check("one commit can settle an action and open it anew", async (store) => {
    await store.commit(shop, 0, commit([], { opens: [open("k", "first")] }))
    await store.commit(shop, 0, commit([], { settles: ["k"], opens: [open("k", "second")] }))
    expect((await store.load(shop)).open).toEqual([open("k", "second")])
  })
}

function snapshots(check: Check): void {
  check("loading gives the newest snapshot and the events after it", async (store) => {
    await store.commit(shop, 0, commit(["a", "b"], { opens: [open("k")] }))
    await store.saveSnapshot(shop, 1, { seen: ["a"] })
    await store.saveSnapshot(shop, 2, { seen: ["a", "b"] })
    await store.commit(shop, 2, commit(["c"]))
    expect(await store.load(shop)).toEqual({
      snapshot: { version: 2, state: { seen: ["a", "b"] } },
      events: [{ number: 3, at: 1_000, event: { type: "c" } }],
      open: [open("k")],
    })
  })
  check("a snapshot takes no event away", async (store) => {
    await store.commit(shop, 0, commit(["a", "b"]))
    await store.saveSnapshot(shop, 2, {})
    expect(await store.read(shop, 0, 10)).toHaveLength(2)
  })
  check("a snapshot of what has not happened is refused", async (store) => {
    await expect(store.saveSnapshot(shop, 1, {})).rejects.toThrow()
  })
}
